import sys

from tools.archive.run import main

sys.exit(main(sys.argv[1:]))

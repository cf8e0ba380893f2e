"""What is deployed, a folder each, and what starts each sooner.

Importing makes some 150,000 objects that stay, and the garbage collector would walk them over and over before
the first call. It is called less often, here and in calls: counting references frees nearly all.
"""

import gc

from hntai.domain.kept_patterns import take_up

gc.set_threshold(50_000)
take_up()

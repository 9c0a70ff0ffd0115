"""Buy from a model by the money protocol (docs/money.md).

Reserve, write the intent down, send once, write the answer down. For a clip there is never a second paid request
without somebody's word. A picture or a storyboard, which costs cents, is asked for again where its reply was lost, and
every attempt counts as spent.
"""

"""What a reader of the core need not open, in three storeys.

Under the core, of which they know nothing: where the chapters are
(``chapters``), the card of a checkpoint (``card``), other people's decoders
and tokenizers (``decoders``), processors and graphics cards (``devices``),
files that are written whole (``disk``), the bar (``progress``), the state of
an unfinished pretraining (``states``), several processes that pretrain one
network (``team``), the words of a text (``words``).

Between, on the lower half of the core and under its upper half: the words
with which answers begin (``openings``, for ``evaluation``), checkpoints on
disk (``store``, for ``results``), how they are made (``making``, for
``experiments``) and what their making was begun with (``runs``).

Over all of it, and nothing of the core knows them: the command line
(``commands``), speed (``bench``), experiments on more than one machine
(``sweeps``), networks by the dozen (``dozens``) and those that learn side by
side on a GPU (``stacked``), lessons of networks in pages (``pages``).
"""

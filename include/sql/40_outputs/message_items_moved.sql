-- outputs.message_items, the items of one message that is told in another way. Bound: message, instead.
-- Re-run: none is left to move.
update outputs.message_items set message_id = %(instead)s
where message_id = %(message)s;

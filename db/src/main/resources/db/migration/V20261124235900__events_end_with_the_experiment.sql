-- closed: the experiment's end has been told. Read under the lock of the row, so that nobody tells anything after it.
alter table event_counter add column closed boolean not null default false;

update event_counter set closed = true
 where experiment_id in (select id from experiment where ended_at is not null);

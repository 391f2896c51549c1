-- submitted_priority: what the experiment was submitted with, which its idempotency key stands for; priority may change later.
alter table experiment
  add column priority int not null default 0 check (priority between -10 and 10),
  add column submitted_priority int not null default 0;

-- A task stands where the first of the live experiments that wait for it stands: the most urgent, and of equals the earliest.
-- priority and submitted_at are that experiment's. So the tasks of one experiment stand together, in the order of readiness.
alter table task add column submitted_at timestamptz;
update task set submitted_at = created_at;
alter table task
  alter column submitted_at set default now(),
  alter column submitted_at set not null;

drop index task_claimable;
create index task_claimable on task (priority desc, submitted_at, visible_at, id) where state in ('READY', 'RUNNING');

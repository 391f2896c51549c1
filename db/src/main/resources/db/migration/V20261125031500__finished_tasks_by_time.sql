-- what was finished last tells how fast the workers are
create index task_finished on task (ended_at desc) where state = 'SUCCEEDED';

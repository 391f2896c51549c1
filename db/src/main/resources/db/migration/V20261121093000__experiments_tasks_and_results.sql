-- Specifications are json and not jsonb: the order of arms and corpora is the user's, and jsonb forgets it.
-- Locks are always taken in the order: graph (advisory), task by id, experiment by id, run, event_counter by id.

create table experiment (
  id uuid primary key default uuidv7(),
  name text not null,
  state text not null check (state in ('QUEUED', 'RUNNING', 'SUCCEEDED', 'FAILED', 'CANCELLING', 'CANCELLED')),
  spec_version int not null,
  spec json not null,
  metadata jsonb not null,
  warnings json not null,
  idempotency_key text unique,
  report_task uuid,
  open_tasks int not null default 0 check (open_tasks >= 0),
  failed_tasks int not null default 0,
  failure_code text,
  failure_detail text,
  created_at timestamptz not null default now(),
  started_at timestamptz,
  ended_at timestamptz,
  check ((ended_at is not null) = (state in ('SUCCEEDED', 'FAILED', 'CANCELLED')))
);

create table run (
  id uuid primary key default uuidv7(),
  experiment_id uuid not null references experiment,
  ordinal int not null,
  arm text not null,
  seed bigint not null,
  state text not null check (state in ('QUEUED', 'RUNNING', 'SUCCEEDED', 'FAILED', 'CANCELLING', 'CANCELLED')),
  open_tasks int not null default 0 check (open_tasks >= 0),
  failed_tasks int not null default 0,
  cancelled_tasks int not null default 0,
  failure_code text,
  failure_detail text,
  started_at timestamptz,
  ended_at timestamptz,
  unique (experiment_id, arm, seed),
  check ((ended_at is not null) = (state in ('SUCCEEDED', 'FAILED', 'CANCELLED')))
);

create table task (
  id uuid primary key default uuidv7(),
  content_key text not null check (content_key ~ '^[0-9a-f]{64}$'),
  shared boolean not null,
  kind text not null,
  spec json not null,
  label text not null,
  state text not null check (state in ('WAITING', 'READY', 'RUNNING', 'SUCCEEDED', 'FAILED', 'CANCELLED')),
  priority int not null default 0,
  waiting_for int not null check (waiting_for >= 0),
  attempt int not null default 0,
  max_attempts int not null check (max_attempts >= 1),
  visible_at timestamptz not null default now(),
  worker uuid,
  fence bigint not null default 0,
  cancel_requested boolean not null default false,
  progress json,
  failure_code text,
  failure_detail text,
  created_at timestamptz not null default now(),
  started_at timestamptz,
  ended_at timestamptz,
  check ((ended_at is not null) = (state in ('SUCCEEDED', 'FAILED', 'CANCELLED'))),
  check (state <> 'READY' or waiting_for = 0)
);

-- Two tasks with the same content key are one task, unless it failed or somebody has asked to stop it.
create unique index task_content on task (content_key)
  where shared and state not in ('FAILED', 'CANCELLED') and not cancel_requested;
create index task_claimable on task (priority desc, visible_at, id) where state in ('READY', 'RUNNING');

create table task_input (
  task_id uuid not null references task,
  name text not null,
  source_id uuid not null references task,
  output text not null,
  primary key (task_id, name)
);
create index task_input_source on task_input (source_id);

-- released: the experiment was cancelled and no longer waits for a task that others need.
create table experiment_task (
  experiment_id uuid not null references experiment,
  task_id uuid not null references task,
  ordinal int not null,
  label text not null,
  released boolean not null default false,
  primary key (experiment_id, task_id)
);
create index experiment_task_task on experiment_task (task_id);

create table run_task (
  run_id uuid not null references run,
  task_id uuid not null references task,
  released boolean not null default false,
  primary key (run_id, task_id)
);
create index run_task_task on run_task (task_id);

create table artifact (
  sha256 text primary key check (sha256 ~ '^[0-9a-f]{64}$'),
  bytes bigint not null,
  media_type text not null,
  created_at timestamptz not null default now()
);

create table task_output (
  task_id uuid not null references task,
  name text not null,
  artifact text not null references artifact,
  primary key (task_id, name)
);

create table checkpoint (
  task_id uuid not null references task,
  step bigint not null,
  artifact text not null references artifact,
  created_at timestamptz not null default now(),
  primary key (task_id, step)
);

create table metric (
  task_id uuid not null references task,
  name text not null,
  step bigint not null,
  value double precision not null,
  at timestamptz not null default now(),
  primary key (task_id, name, step)
);

create table probe (
  id uuid primary key default uuidv7(),
  task_id uuid not null references task,
  idx int not null,
  role text not null,
  kind text not null,
  site text not null,
  layer int,
  model_path text not null,
  model_sha256 text not null,
  artifact text not null references artifact,
  description json not null,
  created_at timestamptz not null default now(),
  unique (task_id, idx)
);

-- Events are numbered within their experiment under the lock of this row, which is held to the commit: whoever has seen
-- event n has seen all before it, and Last-Event-ID loses nothing.
create table event_counter (
  experiment_id uuid primary key references experiment,
  last_id bigint not null
) with (fillfactor = 50);

create table event (
  experiment_id uuid not null references experiment,
  id bigint not null,
  task_id uuid references task,
  level text not null check (level in ('INFO', 'WARN', 'ERROR')),
  type text not null,
  message text not null,
  data json,
  at timestamptz not null default now(),
  primary key (experiment_id, id)
);

create table worker (
  id uuid primary key,
  name text not null,
  device text not null,
  memory_bytes bigint not null,
  started_at timestamptz not null default now(),
  last_seen timestamptz not null default now()
);

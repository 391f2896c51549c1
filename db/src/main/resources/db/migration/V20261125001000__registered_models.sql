-- A source is registered once. Whoever prepares it holds a lease; what it does not renew in time somebody else takes up.
create table model (
  id uuid primary key default uuidv7(),
  source text not null unique,
  name text unique,
  state text not null default 'REGISTERING' check (state in ('REGISTERING', 'READY', 'FAILED')),
  owner uuid,
  leased_until timestamptz not null default now(),
  bytes bigint not null default 0,
  total_bytes bigint not null default 0,
  path text,
  hub_commit text,
  facts json,
  problems json,
  created_at timestamptz not null default now(),
  ended_at timestamptz,
  check ((ended_at is not null) = (state <> 'REGISTERING')),
  check ((path is not null and facts is not null) = (state = 'READY')),
  check ((problems is not null) = (state = 'FAILED'))
);
create index model_claimable on model (leased_until, id) where state = 'REGISTERING';

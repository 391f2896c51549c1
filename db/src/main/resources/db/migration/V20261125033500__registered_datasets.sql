-- A version is given to one content and never again, so a deleted one stays as a row. The bytes are an artifact.
create table dataset (
  id uuid primary key default uuidv7(),
  name text not null,
  version int not null check (version >= 1),
  artifact text not null references artifact,
  format text not null check (format in ('JSON_LINES', 'CSV', 'TSV', 'TEXT', 'PARQUET')),
  source text not null,
  facts json not null,
  created_at timestamptz not null default now(),
  deleted_at timestamptz,
  unique (name, version)
);
create unique index dataset_content on dataset (name, artifact) where deleted_at is null;

-- Which data sets an experiment reads: none of them is deleted before it has ended.
create table experiment_dataset (
  experiment_id uuid not null references experiment,
  dataset_id uuid not null references dataset,
  primary key (experiment_id, dataset_id)
);
create index experiment_dataset_dataset on experiment_dataset (dataset_id);

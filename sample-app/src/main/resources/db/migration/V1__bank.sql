create sequence account_seq increment by 50;

create table account (
  id bigint primary key,
  owner text not null,
  balance numeric(19, 2) not null check (balance >= 0)
);

create sequence ledger_entry_seq increment by 50;

create table ledger_entry (
  id bigint primary key,
  transfer_id uuid not null,
  from_account bigint not null references account,
  to_account bigint not null references account,
  amount numeric(19, 2) not null check (amount > 0),
  booked_at timestamp with time zone not null,
  constraint ledger_entry_transfer_id_key unique (transfer_id)
);

create index on ledger_entry (from_account);
create index on ledger_entry (to_account);

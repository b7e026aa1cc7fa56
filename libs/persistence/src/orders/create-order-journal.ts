import type { MigrationInterface, QueryRunner } from 'typeorm'
import { CLAIM_LIFE_MS } from './journal-entry'

/**
 * The journal and the names taken in it. The claim is made by a trigger, so that it and its entry are one statement:
 * either both are on disk or neither is. Changing or deleting a line is refused by the database itself.
 */
export class CreateOrderJournal1763600000000 implements MigrationInterface {
  readonly name = 'CreateOrderJournal1763600000000'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE order_journal (
      entry INTEGER PRIMARY KEY, kind TEXT NOT NULL, account TEXT NOT NULL, order_id TEXT NOT NULL,
      at_ms INTEGER NOT NULL, event_seq INTEGER, client_order_id TEXT, body_hash TEXT, body TEXT NOT NULL)`)
    await runner.query(
      'CREATE UNIQUE INDEX order_journal_event ON order_journal (event_seq) WHERE event_seq IS NOT NULL',
    )
    await runner.query('CREATE INDEX order_journal_order ON order_journal (order_id, kind)')
    await runner.query('CREATE INDEX order_journal_time ON order_journal (at_ms)')
    await runner.query(`CREATE TABLE client_order_ids (
      account TEXT NOT NULL, client_order_id TEXT NOT NULL, body_hash TEXT NOT NULL, at_ms INTEGER NOT NULL,
      PRIMARY KEY (account, client_order_id)) WITHOUT ROWID`)
    await runner.query(`CREATE TRIGGER order_journal_claim AFTER INSERT ON order_journal
      WHEN NEW.client_order_id IS NOT NULL BEGIN
        DELETE FROM client_order_ids WHERE account = NEW.account AND client_order_id = NEW.client_order_id
          AND at_ms <= NEW.at_ms - ${CLAIM_LIFE_MS};
        INSERT INTO client_order_ids VALUES (NEW.account, NEW.client_order_id, NEW.body_hash, NEW.at_ms);
      END`)
    await runner.query(`CREATE TRIGGER order_journal_fixed BEFORE UPDATE ON order_journal
      BEGIN SELECT RAISE(ABORT, 'the order journal is append-only'); END`)
    await runner.query(`CREATE TRIGGER order_journal_kept BEFORE DELETE ON order_journal
      BEGIN SELECT RAISE(ABORT, 'the order journal is append-only'); END`)
    await runner.query('CREATE TABLE journal_identity (epoch TEXT NOT NULL)')
    await runner.query('INSERT INTO journal_identity VALUES (lower(hex(randomblob(8))))')
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE journal_identity')
    await runner.query('DROP TABLE client_order_ids')
    await runner.query('DROP TABLE order_journal')
  }
}

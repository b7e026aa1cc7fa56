import type { Clock } from '@xts-bridge/contracts'
import type { EvidenceEntry, IntendedEntry, JournalEntry } from '@xts-bridge/persistence'
import type { FirstAnswers } from './first-answers'
import type { OrderLedger } from './order-ledger'
import { RECORD_LIFE_MS, type OrderRecord } from './order-record'
import { addEvidence, addFill, addRow, intendedFacts } from './order-state'
import type { JournalPort } from './ports'
import { settlementEvidence } from './settlement'

type EntryOfOrder = Exclude<JournalEntry, { readonly changeId: string }>

export interface ReplayParts {
  readonly clock: Clock
  readonly journal: JournalPort
  readonly ledger: OrderLedger
  readonly answers: FirstAnswers
}

/**
 * Rebuilds memory from the journal at start. An order that was written down and never settled may have been sent by the
 * process that died, up to this moment: it becomes unknown. Returns how many did.
 */
export async function replayJournal({ clock, journal, ledger, answers }: ReplayParts): Promise<number> {
  const startedAtMs = clock.nowMs()
  for await (const entry of journal.replay(startedAtMs - RECORD_LIFE_MS)) {
    if (entry.kind === 'answered') answers.restore(entry)
    else if ('changeId' in entry) ledger.orderChanges.restore(entry)
    else restoreEntry(entry, ledger)
  }
  const open = ledger.unresolved().filter((record) => record.facts.shown === undefined)
  for (const { orderId, facts } of open) {
    const { clientOrderId } = facts.order
    const reason = 'the service stopped before the answer was recorded'
    await ledger.settle(orderId, {
      outcome: 'unknown',
      code: 'XTS_REPLY_LOST',
      details: { orderId, clientOrderId, reason },
    })
  }
  return open.length + (await settleOpenChanges(ledger))
}

/** As with orders: a change that was written down and never settled may have been sent. */
async function settleOpenChanges({ orderChanges }: OrderLedger): Promise<number> {
  const open = orderChanges.undecided().filter(({ settlement }) => settlement === undefined)
  for (const { changeId, orderId, change } of open) {
    const reason = 'the service stopped before the answer was recorded'
    const details = { changeId, orderId, change, reason }
    await orderChanges.settle(changeId, { outcome: 'unknown', code: 'CHANGE_REPLY_LOST', details })
  }
  return open.length
}

function restoreEntry(entry: EntryOfOrder, ledger: OrderLedger): void {
  const { records } = ledger
  switch (entry.kind) {
    case 'intended':
      return records.set(restoredIntent(entry))
    case 'settled': {
      const { outcome, brokerOrderId, state, code, details, atMs } = entry
      const { kind, said } = settlementEvidence(entry)
      const before = records.find(entry.orderId)
      if (before === undefined) return
      const known = brokerOrderId === undefined ? before : records.absorb(before, brokerOrderId)
      const settlement = { outcome, brokerOrderId, state, code, details }
      const facts = addEvidence(known.facts, kind, said)
      return records.set({ ...known, facts, settlement, sentBeforeMs: atMs, updatedAtMs: atMs })
    }
    case 'evidence':
      return restoreEvidence(entry, ledger)
    case 'absent': {
      const before = records.find(entry.orderId)
      if (before === undefined) return
      return records.set({
        ...before,
        facts: addEvidence(before.facts, 'proven absent'),
        updatedAtMs: entry.atMs,
      })
    }
    case 'answered':
    case 'event':
      return
  }
}

function restoredIntent({
  orderId,
  account,
  atMs,
  order,
  part,
  parts,
  claim,
  smart,
}: IntendedEntry): OrderRecord {
  const times = { placedAtMs: atMs, updatedAtMs: atMs, sentBeforeMs: Infinity }
  return {
    orderId,
    account,
    facts: intendedFacts(order),
    ...times,
    part,
    parts,
    bodyHash: claim?.bodyHash,
    smart,
  }
}

function restoreEvidence({ orderId, order: row, fill, atMs }: EvidenceEntry, ledger: OrderLedger): void {
  const { records } = ledger
  const named = row ?? fill
  if (named === undefined) return
  const known = orderId === '' ? records.findBrokerOrder(named.brokerOrderId, atMs) : records.find(orderId)
  ledger.learnOwnCode(known, named.clientID)
  if (row !== undefined) {
    const before = known ?? records.adopt(row, atMs)
    const { facts } = records.absorb(before, row.brokerOrderId)
    records.set({ ...before, facts: addRow(facts, row), updatedAtMs: atMs })
  }
  if (fill !== undefined) {
    if (known !== undefined) records.set({ ...known, facts: addFill(known.facts, fill), updatedAtMs: atMs })
    ledger.restoreFill(fill, known?.orderId ? known.facts.order.clientID : fill.clientID, atMs)
  }
}

export * from './journal-entry'
export { OrderJournal } from './order-journal'

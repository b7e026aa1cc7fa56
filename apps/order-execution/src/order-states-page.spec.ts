import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { CHANGE_STATES, ORDER_STATES } from '@xts-bridge/contracts'
import { orderStatesPage } from './order-states-page'

const PAGE = join(__dirname, '../../../docs/order-states.md')

describe('docs/order-states.md', () => {
  it('says what the tables say; otherwise build and run node tools/launch/order-states-page.cjs', () => {
    expect(readFileSync(PAGE, 'utf8')).toBe(orderStatesPage())
  })

  it('reaches every state of an order and of a change', () => {
    const page = orderStatesPage()
    for (const state of [...ORDER_STATES, ...CHANGE_STATES].filter((name) => name !== 'intended'))
      expect(page).toContain(`| \`${state}\` |`)
  })
})

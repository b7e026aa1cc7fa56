// Writes docs/order-states.md from the compiled state tables of order-execution.
// `node tools/launch/order-states-page.cjs` writes it (after `npm run build`); a test of order-execution compares it.
const { writeFileSync } = require('node:fs')
const { join } = require('node:path')

const root = join(__dirname, '../..')
const { orderStatesPage } = require(join(root, 'dist/apps/order-execution/src/order-states-page.js'))
writeFileSync(join(root, 'docs/order-states.md'), orderStatesPage())

import { ROOT, prepareCheckout } from './checkout/prepare-checkout.mjs'
import { runTool } from './checkout/run-command.mjs'

// `npm run lint [-- paths and eslint options]`. The import law is checked against Nx's project graph; without a graph
// the rule would be skipped without a word, so the graph is built first.
await prepareCheckout()
const env = { ...process.env, NX_DAEMON: 'false' }
const graph = await runTool(ROOT, 'nx', ['show', 'projects'], { env })
if (graph.code !== 0) {
  process.stderr.write(`The project graph could not be built:\n${graph.tail}\n`)
  process.exit(graph.code)
}
const asked = process.argv.slice(2)
const paths = asked.some((argument) => !argument.startsWith('-')) ? asked : ['.', ...asked]
const lint = await runTool(ROOT, 'eslint', ['--max-warnings', '0', ...paths], { env, isShown: true })
process.exit(lint.code)

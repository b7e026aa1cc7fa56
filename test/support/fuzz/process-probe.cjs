// Loaded into the simulator's process before its own code: on the message `measure` it collects garbage and tells what
// is left. The simulator knows nothing of it.
const { setFlagsFromString } = require('node:v8')
const { runInNewContext } = require('node:vm')

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc')

process.on('message', (message) => {
  if (message?.kind !== 'measure') return
  collectGarbage()
  process.send({
    kind: 'measured',
    heapBytes: process.memoryUsage().heapUsed,
    resources: process.getActiveResourcesInfo(),
  })
})

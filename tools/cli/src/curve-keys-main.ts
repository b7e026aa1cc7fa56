import { runCurveKeys } from './curve-keys'

process.exitCode = runCurveKeys(process.argv.slice(2), {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
})

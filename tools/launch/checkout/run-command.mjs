import { spawn } from 'node:child_process'
import { join } from 'node:path'

/** Lines of output kept for the message of a command that failed. */
const TAIL_LINES = 40
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP']

/**
 * Runs a program to its end and resolves with its exit code and the tail of its output. It runs in a process group of its
 * own: a signal to us ends the whole group first, so that no compiler keeps running behind our back. Past `limitMs` the
 * group is killed, and the code is not 0.
 */
export function runCommand(command, args, { cwd, env = process.env, isShown = false, limitMs }) {
  return new Promise((resolve, reject) => {
    const stdio = isShown ? 'inherit' : ['ignore', 'pipe', 'pipe']
    const child = spawn(command, args, { cwd, env, stdio, detached: true })
    let tail = ''
    const keep = (chunk) => {
      tail = (tail + chunk).split('\n').slice(-TAIL_LINES).join('\n')
    }
    child.stdout?.on('data', keep)
    child.stderr?.on('data', keep)
    const forward = (signal) => {
      child.once('exit', () => process.exit(signal === 'SIGINT' ? 130 : 143))
      process.kill(-child.pid, signal)
    }
    for (const signal of SIGNALS) process.once(signal, forward)
    const tooLong =
      limitMs &&
      setTimeout(() => {
        process.stderr.write(`${command} ${args[0]} is killed: it has run for ${limitMs / 60_000} minutes.\n`)
        process.kill(-child.pid, 'SIGKILL')
      }, limitMs)
    const settle = () => {
      clearTimeout(tooLong)
      SIGNALS.forEach((signal) => process.off(signal, forward))
    }
    child.once('error', (error) => {
      settle()
      reject(error)
    })
    child.once('close', (code) => {
      settle()
      resolve({ code: code ?? 1, tail: tail.trim() })
    })
  })
}

/** Runs an installed package's program, such as eslint, under this very Node. */
export function runTool(root, name, args, options = {}) {
  return runCommand(process.execPath, [join(root, 'node_modules', '.bin', name), ...args], {
    cwd: root,
    ...options,
  })
}

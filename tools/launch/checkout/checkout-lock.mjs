import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

const RETRY_MS = 200

/**
 * Runs `work` while no other command of ours installs or builds in this checkout. The lock file holds the process id of
 * its owner; the lock of a process that is gone is taken over.
 */
export async function withCheckoutLock(file, work) {
  mkdirSync(dirname(file), { recursive: true })
  let isWaitSaid = false
  while (!take(file)) {
    const owner = ownerOf(file)
    if (owner !== undefined && !isAlive(owner)) {
      takeAway(file, owner)
      continue
    }
    if (!isWaitSaid) {
      isWaitSaid = true
      process.stdout.write(
        `Waiting: process ${owner ?? '?'} is installing or building in this checkout (lock ${file}).\n`,
      )
    }
    await wait(RETRY_MS)
  }
  try {
    return await work()
  } finally {
    rmSync(file, { force: true })
  }
}

function take(file) {
  // The id is written before the name appears, so that nobody reads a lock without an owner.
  const draft = `${file}.${process.pid}`
  writeFileSync(draft, String(process.pid))
  try {
    linkSync(draft, file)
    return true
  } catch (error) {
    if (error.code === 'EEXIST') return false
    throw error
  } finally {
    rmSync(draft, { force: true })
  }
}

function ownerOf(file) {
  try {
    return Number(readFileSync(file, 'utf8'))
  } catch (error) {
    if (error.code === 'ENOENT') return undefined
    throw error
  }
}

/** Removes a dead owner's lock; when another process was quicker and the lock is now a living one's, puts it back. */
function takeAway(file, deadOwner) {
  const aside = `${file}.dead-${process.pid}`
  try {
    renameSync(file, aside)
  } catch (error) {
    if (error.code === 'ENOENT') return
    throw error
  }
  if (Number(readFileSync(aside, 'utf8')) !== deadOwner) linkSync(aside, file)
  rmSync(aside, { force: true })
}

function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

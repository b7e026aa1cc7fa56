import { fork } from 'node:child_process'
import {
  CHECK_SETTINGS_ARGUMENT,
  EXIT,
  type ServiceReport,
  type SettingProblem,
  SettingsError,
} from '@xts-bridge/runtime'

const CHECK_LIMIT_MS = 30_000

export interface CheckedProgram {
  readonly name: string
  readonly program: string
  readonly environment: Readonly<Record<string, string>>
}

/**
 * Lets every service read its own settings without starting, all at once. Throws SettingsError naming every setting
 * that is missing or malformed in any of them or for the supervisor, each once.
 */
export async function checkSettings(
  programs: readonly CheckedProgram[],
  ownProblems: readonly SettingProblem[],
): Promise<void> {
  const problems = [...ownProblems, ...(await Promise.all(programs.map(problemsOf))).flat()]
  const bySetting = new Map(problems.map((problem) => [problem.setting, problem]))
  if (bySetting.size > 0) throw new SettingsError([...bySetting.values()])
}

function problemsOf({ name, program, environment }: CheckedProgram): Promise<readonly SettingProblem[]> {
  return new Promise((resolve) => {
    const child = fork(program, [CHECK_SETTINGS_ARGUMENT], {
      env: { ...environment },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      timeout: CHECK_LIMIT_MS,
    })
    let found: readonly SettingProblem[] | undefined
    let errors = ''
    child.stderr?.on('data', (chunk: Buffer) => (errors = (errors + chunk.toString()).slice(-2_000)))
    child.on('message', (message) => {
      const report = message as ServiceReport
      if (report.kind === 'failed') found = report.problems ?? [{ setting: name, problem: report.message }]
    })
    child.once('error', (error) => resolve([{ setting: name, problem: error.message }]))
    child.once('close', (code) => {
      const isGood = code === EXIT.ok
      resolve(found ?? (isGood ? [] : [{ setting: name, problem: errors || `ended with code ${code}` }]))
    })
  })
}

const NAME_WIDTH = 19

/** What a person sees of the house: short lines, one event each. */
export class Screen {
  constructor(private readonly output: NodeJS.WritableStream) {
    // Whoever watched may go away (`npm start | head`); trading goes on without a screen.
    output.on('error', () => undefined)
  }

  line(text = ''): void {
    this.output.write(`${text}\n`)
  }

  service(name: string, text: string): void {
    this.line(`  ${name.padEnd(NAME_WIDTH)}${text}`)
  }
}

/** `1.2 s` */
export function seconds(durationMs: number): string {
  return `${(durationMs / 1_000).toFixed(1)} s`
}

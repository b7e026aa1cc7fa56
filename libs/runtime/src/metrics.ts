import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client'

interface MetricOptions {
  readonly name: string
  readonly help: string
  readonly labels?: readonly string[]
}

/** The metrics of one process, in Prometheus' text form at /metrics. */
export class Metrics {
  private readonly registry = new Registry()

  constructor(service: string) {
    this.registry.setDefaultLabels({ service })
    collectDefaultMetrics({ register: this.registry })
  }

  counter(options: MetricOptions): Counter {
    return new Counter({
      name: options.name,
      help: options.help,
      labelNames: [...(options.labels ?? [])],
      registers: [this.registry],
    })
  }

  /** A gauge; with `read`, its value is asked for at each scrape. */
  gauge(options: MetricOptions & { readonly read?: () => number }): Gauge {
    const { read } = options
    return new Gauge({
      name: options.name,
      help: options.help,
      labelNames: [...(options.labels ?? [])],
      registers: [this.registry],
      ...(read && {
        collect() {
          this.set(read())
        },
      }),
    })
  }

  histogram(options: MetricOptions & { readonly buckets: readonly number[] }): Histogram {
    return new Histogram({
      name: options.name,
      help: options.help,
      labelNames: [...(options.labels ?? [])],
      buckets: [...options.buckets],
      registers: [this.registry],
    })
  }

  text(): Promise<string> {
    return this.registry.metrics()
  }
}

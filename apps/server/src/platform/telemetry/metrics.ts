import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** What `/metrics` shows. Labels have few values: operations, grants and outcomes, never an id of a caller's. */
export interface Metrics {
  readonly registry: Registry;
  requestEnded(operation: string, status: number, seconds: number): void;
  tokenGranted(edition: 'v1' | 'v2', grant: string): void;
  signInEnded(outcome: 'success' | 'refused' | 'locked' | 'busy'): void;
  /** One try to deliver a message has ended. */
  messageTried(channel: string, outcome: 'sent' | 'failed' | 'dead'): void;
  /** Reads a value each time the metrics are fetched. */
  watch(name: string, help: string, read: () => number): void;
}

export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const requests = new Counter({
    name: 'openbranch_requests_total',
    help: 'Requests by operation and HTTP status',
    labelNames: ['operation', 'status'],
    registers: [registry],
  });
  const durations = new Histogram({
    name: 'openbranch_request_seconds',
    help: 'Duration of requests',
    labelNames: ['operation'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers: [registry],
  });
  const grants = new Counter({
    name: 'openbranch_token_grants_total',
    help: 'Access tokens granted',
    labelNames: ['edition', 'grant'],
    registers: [registry],
  });
  const signIns = new Counter({
    name: 'openbranch_sign_ins_total',
    help: 'Sign-ins by outcome',
    labelNames: ['outcome'],
    registers: [registry],
  });
  const messages = new Counter({
    name: 'openbranch_message_tries_total',
    help: 'Tries to deliver a message, by channel and outcome; dead ones are not tried again',
    labelNames: ['channel', 'outcome'],
    registers: [registry],
  });
  return {
    registry,
    requestEnded: (operation, status, seconds) => {
      requests.inc({ operation, status });
      durations.observe({ operation }, seconds);
    },
    tokenGranted: (edition, grant) => grants.inc({ edition, grant }),
    signInEnded: (outcome) => signIns.inc({ outcome }),
    messageTried: (channel, outcome) => messages.inc({ channel, outcome }),
    watch: (name, help, read) => {
      new Gauge({
        name,
        help,
        registers: [registry],
        collect() {
          this.set(read());
        },
      });
    },
  };
}

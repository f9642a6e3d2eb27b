import { type CloudWatchClient, GetMetricDataCommand, type MetricDataResult } from '@aws-sdk/client-cloudwatch';
import type { Dialer } from '../../../controller/mcp/dialer.ts';
import { checkEndpoint } from './aws-client.ts';
import type { AwsSettings } from './aws-settings.ts';

export interface MetricQuery {
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: readonly { readonly name: string; readonly value: string }[];
  /** CloudWatch's own word: Average, Sum, Maximum, Minimum, SampleCount, p99, ... */
  readonly statistic: string;
  readonly from: Date;
  readonly to: Date;
  readonly periodSeconds: number;
}

/** Reads one metric. CloudWatch answers at most 500 points unasked for more, far above what a tool asks. */
export class MetricReader {
  readonly #client: CloudWatchClient;
  readonly #settings: AwsSettings;
  readonly #dialer: Dialer;

  constructor(client: CloudWatchClient, settings: AwsSettings, dialer: Dialer) {
    this.#client = client;
    this.#settings = settings;
    this.#dialer = dialer;
  }

  async read(query: MetricQuery, signal: AbortSignal): Promise<readonly MetricDataResult[]> {
    await checkEndpoint(this.#settings, this.#dialer, 'cloudwatch', signal);
    const command = new GetMetricDataCommand({
      StartTime: query.from,
      EndTime: query.to,
      MetricDataQueries: [
        {
          Id: 'm1',
          MetricStat: {
            Metric: {
              Namespace: query.namespace,
              MetricName: query.metric,
              Dimensions: query.dimensions.map(({ name, value }) => ({ Name: name, Value: value })),
            },
            Period: query.periodSeconds,
            Stat: query.statistic,
          },
          ReturnData: true,
        },
      ],
    });
    const answer = await this.#client.send(command, { abortSignal: signal });
    return answer.MetricDataResults ?? [];
  }

  close(): void {
    this.#client.destroy();
  }
}

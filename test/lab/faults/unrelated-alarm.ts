import { CloudWatchClient, PutMetricAlarmCommand, SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';
import type { Lab } from '../world/lab.ts';
import type { Fault } from './fault.ts';
import { noteWell, wellAndUntouched } from './untouched.ts';

/** A service that is on nobody's map has an alarm; whoever is on call takes it for ours. */
export const fault: Fault = {
  name: 'unrelated-alarm',
  description: 'An alarm of a service that has nothing to do with ours is on; all is well',
  session: { service: 'payments', symptom: 'There is an alarm, and payments are what we are on call for' },
  expected: { outcome: 'NoFaultFound', causes: () => [], fixes: [], iterations: 1 },
  async inject(lab) {
    await raiseAlarm(lab);
    await noteWell(lab);
  },
  healed: wellAndUntouched,
};

async function raiseAlarm({ awsUrl: endpoint, region }: Lab): Promise<void> {
  const credentials = { accessKeyId: 'lab', secretAccessKey: 'lab' };
  const cloudwatch = new CloudWatchClient({ endpoint, region, credentials });
  const AlarmName = 'warehouse-cpu-high';
  try {
    await cloudwatch.send(
      new PutMetricAlarmCommand({
        AlarmName,
        Namespace: 'AWS/ECS',
        MetricName: 'CPUUtilization',
        Dimensions: [{ Name: 'ServiceName', Value: 'warehouse' }],
        Statistic: 'Average',
        Period: 60,
        EvaluationPeriods: 1,
        Threshold: 80,
        ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      }),
    );
    await cloudwatch.send(
      new SetAlarmStateCommand({ AlarmName, StateValue: 'ALARM', StateReason: '1 datapoint [97.2] was >= 80' }),
    );
  } finally {
    cloudwatch.destroy();
  }
}

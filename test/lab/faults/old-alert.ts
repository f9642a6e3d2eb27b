import type { Fault } from './fault.ts';
import { noteWell, wellAndUntouched } from './untouched.ts';

const daysMs = 3 * 86_400_000;

/** A page that nobody has answered for days, about something that harms nobody. */
export const fault: Fault = {
  name: 'old-alert',
  description: 'An alert of payments has fired for three days and nothing is wrong: nothing may be touched',
  session: { service: 'payments', symptom: 'There is a critical alert on payments' },
  expected: { outcome: 'NoFaultFound', causes: () => [], fixes: [], iterations: 1 },
  prepare: () => ({ needs: ['prometheus'] }),
  async inject(lab) {
    const { monitoring, names } = lab;
    const labels = `alertname="CertificateReviewDue",service="${names.payments}",severity="critical"`;
    const began = Math.floor((Date.now() - daysMs) / 1000);
    const series = [`ALERTS{${labels},alertstate="firing"} 1`, `ALERTS_FOR_STATE{${labels}} ${began}`];
    monitoring?.federated.answer({ body: `${series.join('\n')}\n` });
    await lab.until('the alert to fire', async () => (await alertsFiring(monitoring?.prometheus.url)) > 0);
    await noteWell(lab);
  },
  healed: wellAndUntouched,
};

async function alertsFiring(url = ''): Promise<number> {
  const response = await fetch(`${url}/api/v1/query?query=ALERTS{alertstate="firing"}`);
  // As Prometheus documents it.
  const { data } = (await response.json()) as { readonly data: { readonly result: readonly unknown[] } };
  return data.result.length;
}

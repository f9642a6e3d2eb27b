import type { AwsClientConfig } from '../parts/moto.ts';

/** Moto creates no function for a role that is not there. Answers the role's ARN. */
export async function createRole({ endpoint, region, credentials }: AwsClientConfig, name: string): Promise<string> {
  const scope = `${credentials.accessKeyId}/20260101/${region}/iam/aws4_request`;
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: { authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=none` },
    body: new URLSearchParams({
      Action: 'CreateRole',
      Version: '2010-05-08',
      RoleName: name,
      AssumeRolePolicyDocument: '{}',
    }),
  });
  const arn = /<Arn>([^<]+)<\/Arn>/.exec(await response.text())?.[1];
  if (arn === undefined) throw new Error(`the role ${name} was not created: ${response.status}`);
  return arn;
}

import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { ToolFault } from '../../../controller/mcp/fault.ts';
import type { Dialer } from '../../../controller/mcp/dialer.ts';
import { awsClientOptions, checkEndpoint } from './aws-client.ts';
import type { AwsSettings } from './aws-settings.ts';

/** Says whose credentials these are, asking STS. */
export class AwsAccount {
  readonly #settings: AwsSettings;
  readonly #dialer: Dialer;
  readonly #client: STSClient;

  constructor(settings: AwsSettings, dialer: Dialer) {
    this.#settings = settings;
    this.#dialer = dialer;
    this.#client = new STSClient(awsClientOptions(settings, dialer, 'sts', 2));
  }

  /**
   * Before every write: asked anew, because credentials rotate and a wrong account is found out too late otherwise.
   * @throws ToolFault `AccountNotAllowed`; whatever STS throws
   */
  async assertAllowed(signal: AbortSignal): Promise<void> {
    const { allowedAccounts } = this.#settings;
    if (allowedAccounts.length === 0) {
      throw new ToolFault('AccountNotAllowed', 'the operator allows writing to no AWS account');
    }
    await checkEndpoint(this.#settings, this.#dialer, 'sts', signal);
    const { Account } = await this.#client.send(new GetCallerIdentityCommand({}), { abortSignal: signal });
    signal.throwIfAborted();
    if (Account === undefined || !allowedAccounts.includes(Account)) {
      throw new ToolFault('AccountNotAllowed', `AWS account ${Account ?? 'unknown'} is not among the allowed ones`);
    }
  }

  close(): void {
    this.#client.destroy();
  }
}

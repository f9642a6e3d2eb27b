import * as ecs from '@aws-sdk/client-ecs';
import type { JsonObject } from '../../../controller/api/json.ts';

type Send = (input: JsonObject, signal: AbortSignal) => Promise<object>;

/**
 * The read operations of the contract that this server offers, by their names in the ECS API. Parameters are passed as they
 * come: the API checks them, and a Describe or List cannot change anything.
 */
export function readOperations(client: ecs.ECSClient): ReadonlyMap<string, Send> {
  const at = (signal: AbortSignal): { abortSignal: AbortSignal } => ({ abortSignal: signal });
  const operations: Readonly<Record<string, Send>> = {
    DescribeClusters: (input, signal) => client.send(new ecs.DescribeClustersCommand(input), at(signal)),
    DescribeServiceDeployments: (input, signal) =>
      client.send(new ecs.DescribeServiceDeploymentsCommand(as(input)), at(signal)),
    DescribeServiceRevisions: (input, signal) =>
      client.send(new ecs.DescribeServiceRevisionsCommand(as(input)), at(signal)),
    DescribeServices: (input, signal) => client.send(new ecs.DescribeServicesCommand(as(input)), at(signal)),
    DescribeTaskDefinition: (input, signal) =>
      client.send(new ecs.DescribeTaskDefinitionCommand(as(input)), at(signal)),
    DescribeTasks: (input, signal) => client.send(new ecs.DescribeTasksCommand(as(input)), at(signal)),
    ListClusters: (input, signal) => client.send(new ecs.ListClustersCommand(input), at(signal)),
    ListServiceDeployments: (input, signal) =>
      client.send(new ecs.ListServiceDeploymentsCommand(as(input)), at(signal)),
    ListServices: (input, signal) => client.send(new ecs.ListServicesCommand(input), at(signal)),
    ListTagsForResource: (input, signal) => client.send(new ecs.ListTagsForResourceCommand(as(input)), at(signal)),
    ListTaskDefinitionFamilies: (input, signal) =>
      client.send(new ecs.ListTaskDefinitionFamiliesCommand(input), at(signal)),
    ListTaskDefinitions: (input, signal) => client.send(new ecs.ListTaskDefinitionsCommand(input), at(signal)),
    ListTasks: (input, signal) => client.send(new ecs.ListTasksCommand(input), at(signal)),
  };
  return new Map(Object.entries(operations));
}

/** The API itself is what checks the parameters. */
function as<Input>(input: JsonObject): Input {
  return input as Input;
}

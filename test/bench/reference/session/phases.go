package session

import (
	"context"
	"encoding/json"
	"fmt"
	"math"

	"threehops.local/reference/api"
)

// bundle is what a sweep saw, frozen.
type bundle struct {
	Session    string         `json:"session"`
	CapturedAt string         `json:"capturedAt"`
	Symptom    *api.Symptom   `json:"symptom"`
	Nodes      []nodeEvidence `json:"nodes"`
}

type nodeEvidence struct {
	Node     api.Node  `json:"node"`
	ID       string    `json:"id"`
	Health   string    `json:"health"`
	Findings []Finding `json:"findings"`
}

// frozenPlan is all that an act needs.
type frozenPlan struct {
	Action    string `json:"action"`
	Node      string `json:"node"`
	Topology  string `json:"topology"`
	Signature string `json:"signature"`
	Fix       Fix    `json:"fix"`
	Bundle    string `json:"bundle"`
	Iteration int32  `json:"iteration"`
}

func nodesOf(topology *api.ServiceTopology) []api.Node {
	spec := topology.Spec
	nodes := append([]api.Node{}, spec.Self...)
	return append(append(nodes, spec.Upstream...), spec.Downstream...)
}

// pending resolves the map, unless an older session already covers it.
func (r *Reconciler) pending(ctx context.Context, session *api.DebugSession, topology *api.ServiceTopology) (api.Phase, error) {
	others, err := r.sessionsOf(ctx, session.Namespace, session.Spec.TopologyRef.Name)
	if err != nil {
		return "", fmt.Errorf("listing sessions of the map: %w", err)
	}
	for _, other := range others {
		if other.UID != session.UID && other.CreationTimestamp.Before(&session.CreationTimestamp) {
			return "", fmt.Errorf("%s already works on this map", other.Name)
		}
	}
	session.Status.Iteration = 1
	session.Status.Graph = &api.Graph{
		Nodes:    int32(len(nodesOf(topology)) + 1),
		Services: []string{topology.Spec.Service},
		Gaps:     []string{},
	}
	return api.Sweeping, nil
}

// sweeping probes every node and freezes the evidence.
func (r *Reconciler) sweeping(_ context.Context, session *api.DebugSession, topology *api.ServiceTopology) (api.Phase, error) {
	began := now()
	service := topology.Spec.Service
	seen := bundle{Session: string(session.UID), CapturedAt: began.Format("2006-01-02T15:04:05Z"), Symptom: session.Spec.Symptom}
	lines := []api.SweptNode{}
	for _, node := range nodesOf(topology) {
		findings := r.Scenario.findingsOf(service, node.Name)
		health, summary := healthOf(findings)
		id := idOf(service, node.Name)
		seen.Nodes = append(seen.Nodes, nodeEvidence{Node: node, ID: id, Health: health, Findings: findings})
		lines = append(lines, api.SweptNode{Node: id, Health: health, Findings: int32(len(findings)), Summary: summary})
	}
	digest, err := r.Evidence.save(seen)
	if err != nil {
		return "", err
	}
	setSeen(&session.Status, session.Generation, lines)
	session.Status.Sweep = &api.Sweep{StartedAt: began, EndedAt: now(), BundleDigest: digest, Nodes: lines}
	return api.Diagnosing, nil
}

func healthOf(findings []Finding) (health, summary string) {
	health = "Healthy"
	for _, finding := range findings {
		if finding.Severity == "Critical" {
			return "Failing", finding.Summary
		}
		health, summary = "Degraded", finding.Summary
	}
	return health, summary
}

// diagnosing lets the scripted reasoner read the evidence.
func (r *Reconciler) diagnosing(_ context.Context, session *api.DebugSession, topology *api.ServiceTopology) (api.Phase, error) {
	var seen bundle
	digest := session.Status.Sweep.BundleDigest
	if err := r.Evidence.load(digest, &seen); err != nil {
		return "", err
	}
	service, scenario := topology.Spec.Service, r.Scenario
	said, fix := scenario.Diagnosis, scenario.Fix
	parameters, err := json.Marshal(map[string]int32{"memory": fix.Memory})
	if err != nil {
		return "", fmt.Errorf("encoding parameters: %w", err)
	}
	node := idOf(service, fix.Node)
	session.Status.Diagnosis = &api.Diagnosis{
		Engine:            said.Engine,
		BundleDigest:      digest,
		ConfidencePercent: percent(said.Cause.Confidence),
		RootCause:         api.Cause{Node: idOf(service, said.Cause.Node), Kind: said.Cause.Kind, Summary: said.Cause.Summary},
		Chain:             chainOf(service, said.Chain),
		Claims:            scenario.claimsOf(service),
		Gaps:              []string{},
		Fix: api.Fix{
			Action: fix.Action, Class: "Infra", Node: node, Parameters: string(parameters),
			Signature: fix.signature(service), Rationale: said.Rationale,
		},
		Predictions:  scenario.predictionsOf(service),
		Alternatives: alternativesOf(service, said.Alternatives),
	}
	return api.Planning, nil
}

// planning renders the fix and freezes it.
func (r *Reconciler) planning(_ context.Context, session *api.DebugSession, topology *api.ServiceTopology) (api.Phase, error) {
	diagnosed, fix := session.Status.Diagnosis, r.Scenario.Fix
	target := fix.target(topology.Spec.Service)
	plan := frozenPlan{
		Action: fix.Action, Node: diagnosed.Fix.Node, Topology: topology.Namespace + "/" + topology.Name,
		Signature: diagnosed.Fix.Signature, Fix: fix, Bundle: diagnosed.BundleDigest, Iteration: session.Status.Iteration,
	}
	digest, err := r.Evidence.save(plan)
	if err != nil {
		return "", err
	}
	session.Status.Plan = &api.Plan{
		ActionDigest: digest, ContentDigest: digest, Action: fix.Action, Class: "Infra", Node: plan.Node,
		Target: target, Summary: diagnosed.Fix.Rationale, Diff: fix.Diff, Risk: "Low",
	}
	session.Status.History = append(session.Status.History, api.Iteration{
		Iteration: plan.Iteration, Diagnosis: diagnosed.RootCause.Summary, Action: "infra fix - " + diagnosed.Fix.Rationale,
		Result: "pending", RootCause: diagnosed.RootCause.Node + " " + diagnosed.RootCause.Kind,
		Signature: plan.Signature, Plan: digest, Standing: "Pending",
	})
	return api.Acting, nil
}

func percent(share float64) int32 {
	return int32(math.Round(share * 100))
}

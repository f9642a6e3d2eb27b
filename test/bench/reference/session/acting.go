package session

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/controller/controllerutil"

	"threehops.local/reference/api"
)

// finalizer holds a session that is deleted until its pending outside writes are told.
const finalizer = "threehops.dev/intents"

// acting takes the locks, carries the plan out as an intent, and waits until it is in force: a write each.
func (r *Reconciler) acting(ctx context.Context, session *api.DebugSession, topology *api.ServiceTopology) (api.Phase, error) {
	var plan frozenPlan
	if err := r.Evidence.load(session.Status.Plan.ContentDigest, &plan); err != nil {
		return "", err
	}
	if session.Status.Locks == nil {
		session.Status.Locks = lockKeys(session.Status.Plan.Target, "service:"+plan.Topology)
		return api.Acting, nil
	}
	intent := r.newIntent(session, plan)
	found := slices.IndexFunc(session.Status.Intents, func(known api.Intent) bool { return known.ID == intent.ID })
	if found >= 0 && session.Status.Intents[found].State == "Succeeded" {
		session.Status.Acting = &api.Act{Deployed: plan.Fix.Settled, EndedAt: now()}
		return api.Verifying, nil
	}
	if found < 0 {
		if err := r.begin(ctx, session, intent); err != nil {
			return "", err
		}
		found = len(session.Status.Intents) - 1
	}
	// The scripted act is idempotent: after a crash it is done again.
	return api.Acting, r.act(&session.Status.Intents[found], plan, topology.Spec.Service)
}

func (r *Reconciler) newIntent(session *api.DebugSession, plan frozenPlan) api.Intent {
	digest := session.Status.Plan.ActionDigest
	return api.Intent{
		ID:   digestOf([]byte(string(session.UID) + " " + digest + " act"))[:32],
		Kind: "Act", State: "Pending", Iteration: plan.Iteration, Action: plan.Action,
		Target: session.Status.Plan.Target, ActionDigest: digest, StartedAt: now(),
	}
}

// begin reads the session live and writes the intent down before anything is done.
func (r *Reconciler) begin(ctx context.Context, session *api.DebugSession, intent api.Intent) error {
	var live api.DebugSession
	if err := r.Live.Get(ctx, client.ObjectKeyFromObject(session), &live); err != nil {
		return fmt.Errorf("reading the session live: %w", err)
	}
	if live.UID != session.UID || live.Spec.Cancel || live.Spec.Suspend {
		return fmt.Errorf("the session may not act now")
	}
	if err := r.hold(ctx, &live); err != nil {
		return err
	}
	live.Status.Intents = append(live.Status.Intents, intent)
	live.Status.Usage.Writes++
	if err := r.write(ctx, &live); err != nil {
		return err
	}
	*session = live
	return nil
}

// hold puts our finalizer on a session, so that it is not gone while an outside write may be under way.
func (r *Reconciler) hold(ctx context.Context, session *api.DebugSession) error {
	before := session.DeepCopy()
	if !controllerutil.AddFinalizer(session, finalizer) {
		return nil
	}
	patch := client.MergeFromWithOptions(before, client.MergeFromWithOptimisticLock{})
	if err := r.Client.Patch(ctx, session, patch); err != nil {
		return fmt.Errorf("adding the finalizer: %w", err)
	}
	return nil
}

func (r *Reconciler) act(intent *api.Intent, plan frozenPlan, service string) error {
	evidence, err := json.Marshal(map[string]string{"service": service, "taskDefinition": plan.Fix.After})
	if err != nil {
		return fmt.Errorf("encoding what was done: %w", err)
	}
	ended := now()
	intent.State, intent.EndedAt, intent.Evidence = "Succeeded", &ended, string(evidence)
	return nil
}

// lockKeys are the leases of an act, sorted, so that two sessions never wait for each other.
func lockKeys(identities ...string) []string {
	keys := []string{}
	for _, identity := range identities {
		keys = append(keys, "threehops-lock-"+digestOf([]byte(identity))[:20])
	}
	slices.Sort(keys)
	return keys
}

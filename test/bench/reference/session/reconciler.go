package session

import (
	"context"
	"fmt"

	"k8s.io/apimachinery/pkg/types"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/controller"
	"sigs.k8s.io/controller-runtime/pkg/handler"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"

	"threehops.local/reference/api"
)

const byTopology = "spec.topologyRef.name"

// Reconciler takes a session one phase further each time.
type Reconciler struct {
	// Client reads from the cache, which has seen our own writes when it answers.
	Client client.Client
	// Live reads from the API server.
	Live     client.Reader
	Scenario Scenario
	Evidence *Evidence
	// Rested is told of each session that has come to Verifying, once.
	Rested func()
}

// phase is one step: it changes the status and answers the phase to go on to.
type phase func(ctx context.Context, session *api.DebugSession, topology *api.ServiceTopology) (api.Phase, error)

// SetUp registers the controller. `wrap` may put something around its reconciler.
func (r *Reconciler) SetUp(ctx context.Context, manager ctrl.Manager, workers int, wrap func(reconcile.Reconciler) reconcile.Reconciler) error {
	index := func(object client.Object) []string {
		return []string{object.(*api.DebugSession).Spec.TopologyRef.Name}
	}
	if err := manager.GetFieldIndexer().IndexField(ctx, &api.DebugSession{}, byTopology, index); err != nil {
		return fmt.Errorf("indexing sessions: %w", err)
	}
	return ctrl.NewControllerManagedBy(manager).
		Named("debugsession").
		For(&api.DebugSession{}).
		Watches(&api.ServiceTopology{}, handler.EnqueueRequestsFromMapFunc(r.waitingFor)).
		WithOptions(controller.Options{MaxConcurrentReconciles: workers}).
		Complete(wrap(r))
}

// Reconcile looks, decides and writes.
func (r *Reconciler) Reconcile(ctx context.Context, request ctrl.Request) (ctrl.Result, error) {
	var session api.DebugSession
	if err := r.Client.Get(ctx, request.NamespacedName, &session); err != nil {
		return ctrl.Result{}, client.IgnoreNotFound(err)
	}
	step := r.stepOf(session.Status.Phase)
	if step == nil || session.Spec.Suspend || session.Spec.Cancel {
		return ctrl.Result{}, nil
	}
	var topology api.ServiceTopology
	name := types.NamespacedName{Namespace: session.Namespace, Name: session.Spec.TopologyRef.Name}
	if err := r.Client.Get(ctx, name, &topology); err != nil {
		// A map that is still to come brings the session back.
		return ctrl.Result{}, client.IgnoreNotFound(err)
	}
	next, err := step(ctx, &session, &topology)
	if err != nil {
		return ctrl.Result{}, err
	}
	if err := r.advance(ctx, &session, next); err != nil {
		return ctrl.Result{}, err
	}
	if next == api.Verifying {
		r.Rested()
	}
	return ctrl.Result{}, nil
}

func (r *Reconciler) stepOf(current api.Phase) phase {
	switch current {
	case "", api.Pending:
		return r.pending
	case api.Sweeping:
		return r.sweeping
	case api.Diagnosing:
		return r.diagnosing
	case api.Planning:
		return r.planning
	case api.Acting:
		return r.acting
	default:
		return nil
	}
}

// waitingFor finds the sessions that have not begun because their map was missing.
func (r *Reconciler) waitingFor(ctx context.Context, topology client.Object) []ctrl.Request {
	sessions, err := r.sessionsOf(ctx, topology.GetNamespace(), topology.GetName())
	if err != nil {
		ctrl.LoggerFrom(ctx).Error(err, "sessions of a map could not be listed")
	}
	requests := []ctrl.Request{}
	for _, session := range sessions {
		if session.Status.Phase == "" || session.Status.Phase == api.Pending {
			requests = append(requests, ctrl.Request{NamespacedName: client.ObjectKeyFromObject(&session)})
		}
	}
	return requests
}

func (r *Reconciler) sessionsOf(ctx context.Context, namespace, topology string) ([]api.DebugSession, error) {
	var list api.DebugSessionList
	// Sessions of others may be as old as the cache: waiting for writes of ours that concern none of them would gain nothing.
	err := r.Client.List(ctx, &list, client.InNamespace(namespace), client.MatchingFields{byTopology: topology},
		client.DisableReadYourWritesConsistency)
	return list.Items, err
}

package session

import (
	"context"
	"fmt"
	"time"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"threehops.local/reference/api"
)

// now is cut to the seconds that the API stores.
func now() metav1.Time {
	return metav1.NewTime(time.Now().Truncate(time.Second))
}

// advance writes the status with the phase, as a PUT with the resourceVersion that was read.
func (r *Reconciler) advance(ctx context.Context, session *api.DebugSession, next api.Phase) error {
	status := &session.Status
	if status.Phase != next {
		at := now()
		status.Phase, status.PhaseStartedAt = next, &at
		if status.StartedAt == nil {
			status.StartedAt = &at
		}
	}
	return r.write(ctx, session)
}

func (r *Reconciler) write(ctx context.Context, session *api.DebugSession) error {
	status := &session.Status
	status.ObservedGeneration = session.Generation
	status.UID = string(session.UID)
	if status.Usage == nil {
		status.Usage = &api.Usage{}
	}
	setReconciling(status, session.Generation)
	if err := r.Client.Status().Update(ctx, session); err != nil {
		return fmt.Errorf("writing the status: %w", err)
	}
	return nil
}

// setReconciling says in kstatus' conditions that the session is under way.
func setReconciling(status *api.DebugSessionStatus, generation int64) {
	message := fmt.Sprintf("Iteration %d", status.Iteration)
	if status.Diagnosis != nil {
		cause := status.Diagnosis.RootCause
		message += fmt.Sprintf(", cause %s at %s", cause.Kind, cause.Node)
	}
	condition := metav1.Condition{
		Reason: string(status.Phase), Message: message, ObservedGeneration: generation,
		Type: "Ready", Status: metav1.ConditionFalse,
	}
	meta.SetStatusCondition(&status.Conditions, condition)
	condition.Type, condition.Status = "Reconciling", metav1.ConditionTrue
	meta.SetStatusCondition(&status.Conditions, condition)
	meta.RemoveStatusCondition(&status.Conditions, "Stalled")
}

// setSeen says that all nodes could be looked at; scripted ones always can.
func setSeen(status *api.DebugSessionStatus, generation int64, lines []api.SweptNode) {
	ill := 0
	for _, line := range lines {
		if line.Health != "Healthy" {
			ill++
		}
	}
	meta.SetStatusCondition(&status.Conditions, metav1.Condition{
		Type: "NodesSeen", Status: metav1.ConditionTrue, Reason: "AllSeen", ObservedGeneration: generation,
		Message: fmt.Sprintf("Looked at %d nodes, %d of them not healthy", len(lines), ill),
	})
}

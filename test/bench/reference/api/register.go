// Package api has the Go types of what the reference operator reads and writes: the DebugSession and ServiceTopology of crds/.
// +kubebuilder:object:generate=true
// +groupName=threehops.dev
package api

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

var groupVersion = schema.GroupVersion{Group: "threehops.dev", Version: "v1alpha1"}

// AddToScheme registers the types.
func AddToScheme(scheme *runtime.Scheme) error {
	scheme.AddKnownTypes(groupVersion, &DebugSession{}, &DebugSessionList{}, &ServiceTopology{}, &ServiceTopologyList{})
	metav1.AddToGroupVersion(scheme, groupVersion)
	return nil
}

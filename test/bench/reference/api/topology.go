package api

import (
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// Reference names an object of the same namespace.
type Reference struct {
	Name string `json:"name"`
}

// Node is a line of a map.
type Node struct {
	Name        string                `json:"name"`
	Type        string                `json:"type"`
	Skill       string                `json:"skill"`
	With        *apiextensionsv1.JSON `json:"with,omitempty"`
	TopologyRef *Reference            `json:"topologyRef,omitempty"`
}

// Policy says which actions a session may take.
type Policy struct {
	MaxIterations int32    `json:"maxIterations,omitempty"`
	Actions       []string `json:"actions,omitempty"`
}

// ServiceTopologySpec is the map around a service.
type ServiceTopologySpec struct {
	Service    string `json:"service"`
	Self       []Node `json:"self,omitempty"`
	Upstream   []Node `json:"upstream,omitempty"`
	Downstream []Node `json:"downstream,omitempty"`
	Policy     Policy `json:"policy,omitempty"`
}

// ServiceTopology is a map.
// +kubebuilder:object:root=true
type ServiceTopology struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`

	Spec ServiceTopologySpec `json:"spec"`
}

// ServiceTopologyList is what a list answers.
// +kubebuilder:object:root=true
type ServiceTopologyList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`

	Items []ServiceTopology `json:"items"`
}

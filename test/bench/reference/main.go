// The reference operator of the reconcile benchmark: the same phases and status writes as the product's, on controller-runtime.
//
// It says "ready" when its caches have synced, begins when it reads a line, says "done" when every session is in Verifying, and ends
// with its standard input.
package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"sync/atomic"

	"github.com/go-logr/logr"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/utils/ptr"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/cache"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/metrics/server"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"

	"threehops.local/reference/api"
	"threehops.local/reference/session"
)

const workers = 10

type options struct {
	kubeconfig string
	scenario   string
	sessions   int64
}

func main() {
	var given options
	flags := flag.NewFlagSet("reference", flag.ExitOnError)
	flags.StringVar(&given.kubeconfig, "kubeconfig", "", "the API server and who we are to it")
	flags.StringVar(&given.scenario, "scenario", "", "what skills and reasoner answer, JSON")
	flags.Int64Var(&given.sessions, "sessions", 0, "how many sessions there are")
	// ExitOnError: it does not come back with one.
	_ = flags.Parse(os.Args[1:])
	ctrl.SetLogger(logr.FromSlogHandler(slog.NewJSONHandler(os.Stderr, nil)))
	if err := run(given); err != nil {
		fmt.Fprintln(os.Stderr, "reference:", err)
		os.Exit(1)
	}
}

func run(given options) error {
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	scenario, err := session.LoadScenario(given.scenario)
	if err != nil {
		return err
	}
	manager, err := newManager(given.kubeconfig)
	if err != nil {
		return err
	}
	begin := make(chan struct{})
	if err := setUp(ctx, manager, scenario, given.sessions, begin); err != nil {
		return err
	}
	go follow(ctx, manager, begin, stop)
	return manager.Start(ctx)
}

func newManager(kubeconfig string) (ctrl.Manager, error) {
	config, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
	if err != nil {
		return nil, fmt.Errorf("reading the kubeconfig: %w", err)
	}
	// No limit of our own: the API server has its own priority and fairness.
	config.QPS = -1
	scheme := runtime.NewScheme()
	if err := api.AddToScheme(scheme); err != nil {
		return nil, err
	}
	return ctrl.NewManager(config, ctrl.Options{
		Scheme:  scheme,
		Metrics: server.Options{BindAddress: "0"},
		Cache:   cache.Options{DefaultTransform: cache.TransformStripManagedFields()},
		Client:  client.Options{Cache: &client.CacheOptions{EnableReadYourWritesConsistency: ptr.To(true)}},
	})
}

func setUp(ctx context.Context, manager ctrl.Manager, scenario session.Scenario, sessions int64, begin <-chan struct{}) error {
	var rested atomic.Int64
	reconciler := &session.Reconciler{
		Client:   manager.GetClient(),
		Live:     manager.GetAPIReader(),
		Scenario: scenario,
		Evidence: &session.Evidence{},
		Rested: func() {
			if rested.Add(1) == sessions {
				fmt.Println("done")
			}
		},
	}
	return reconciler.SetUp(ctx, manager, workers, func(inner reconcile.Reconciler) reconcile.Reconciler {
		return gated{inner: inner, begin: begin}
	})
}

// gated holds the workers back until the benchmark begins.
type gated struct {
	inner reconcile.Reconciler
	begin <-chan struct{}
}

func (g gated) Reconcile(ctx context.Context, request reconcile.Request) (reconcile.Result, error) {
	select {
	case <-g.begin:
		return g.inner.Reconcile(ctx, request)
	case <-ctx.Done():
		return reconcile.Result{}, ctx.Err()
	}
}

// follow tells when all is ready, opens the gate at the first line, and stops at the end of standard input.
func follow(ctx context.Context, manager ctrl.Manager, begin chan<- struct{}, stop context.CancelFunc) {
	defer stop()
	for _, kind := range []client.Object{&api.DebugSession{}, &api.ServiceTopology{}} {
		// Answers when the informer has synced.
		if _, err := manager.GetCache().GetInformer(ctx, kind); err != nil {
			return
		}
	}
	fmt.Println("ready")
	input := bufio.NewReader(os.Stdin)
	if _, err := input.ReadString('\n'); err != nil {
		return
	}
	close(begin)
	if _, err := io.Copy(io.Discard, input); err != nil && !errors.Is(err, io.EOF) {
		slog.Error("standard input", "error", err)
	}
}

using Alcor.Kernel;
using Alcor.Kernel.Resources;
using Alcor.Policy.Language;

namespace Alcor.Policy;

/// <summary>
/// A policy as one caller meets it: what depends on the caller alone is decided once for each rule, when it is first
/// asked. May be used by many threads.
/// </summary>
public sealed class CallerPolicy
{
    private readonly AccessPolicy _policy;
    // Threads that fold a rule at the same time come to the same and write the same.
    private readonly Check?[] _folded;

    internal CallerPolicy(AccessPolicy policy, Caller caller)
    {
        _policy = policy;
        Caller = caller;
        _folded = new Check?[policy.Rules.Count];
    }

    public Caller Caller { get; }

    public bool Allows(PolicyRule rule, ITarget target) => Folded(rule).Holds(Caller, target);

    /// <summary>The answer when it is the same for every target, else null.</summary>
    public bool? AllowsAny(PolicyRule rule) => Folded(rule).Known;

    private Check Folded(PolicyRule rule)
    {
        Invariant.Require(ReferenceEquals(rule.Policy, _policy), "a rule is asked of the policy that it is from");
        return _folded[rule.Index] ??= rule.Check.Fold(Caller);
    }
}

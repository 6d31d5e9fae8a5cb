using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Alcor.Kernel;
using Alcor.Kernel.Resources;
using Alcor.Policy.Language;

namespace Alcor.Policy;

/// <summary>
/// Who may do what: named rules in the language of oslo.policy, compiled. Immutable; a changed file makes another
/// policy, and rules that were found in one are not asked of the other.
/// </summary>
public sealed class AccessPolicy
{
    /// <summary>The rule that stands in for those that do not exist.</summary>
    public const string DefaultRule = "default";

    private const string DefaultFile = "DefaultRules.yaml";

    private static readonly PolicyFile Defaults = ReadDefaults();

    private readonly FrozenDictionary<string, PolicyRule> _rules;
    private readonly PolicyRule _fallback;
    private readonly ConditionalWeakTable<Caller, CallerPolicy> _callers = [];
    private readonly ConcurrentDictionary<string, ResourcePolicy> _resources = new(StringComparer.Ordinal);

    private AccessPolicy(IReadOnlyDictionary<string, Check> checks)
    {
        _rules = checks
            .Select((check, index) => new PolicyRule(this, check.Key, index, check.Value))
            .ToFrozenDictionary(rule => rule.Name, StringComparer.Ordinal);
        _fallback = _rules[DefaultRule];
    }

    /// <summary>The rules that Alcor comes with.</summary>
    public static AccessPolicy Default { get; } = Create();

    public IReadOnlyList<PolicyRule> Rules => _rules.Values;

    /// <summary>The default rules with those of a policy file in place of theirs, or besides them.</summary>
    /// <param name="name">What errors call the file.</param>
    /// <param name="text">YAML or JSON.</param>
    /// <param name="policy">Null when there are errors.</param>
    public static bool TryRead(
        string name, string text, [NotNullWhen(true)] out AccessPolicy? policy, out ImmutableArray<PolicyError> errors)
    {
        var file = PolicyFile.Read(name, text);
        errors = file.Errors;
        policy = errors.IsEmpty ? Link(Merge(file), name, out errors) : null;
        return policy is not null;
    }

    /// <summary>Null when there is no such rule.</summary>
    public PolicyRule? Find(string name) => _rules.GetValueOrDefault(name);

    /// <summary>The rule, or the one that stands in for it.</summary>
    public PolicyRule FindOrDefault(string name) => Find(name) ?? _fallback;

    /// <summary>
    /// The policy as this caller meets it. It is kept for as long as the caller is, so ask for the same object again:
    /// keep callers with their tokens.
    /// </summary>
    public CallerPolicy For(Caller caller) =>
        _callers.TryGetValue(caller, out var known) ? known : Add(caller);

    /// <summary>
    /// What is asked about resources of a type, by the name in its rules: <c>port</c>, <c>policy_dscp_marking_rule</c>.
    /// </summary>
    public ResourcePolicy ForResource(string type) =>
        _resources.TryGetValue(type, out var known) ? known : _resources.GetOrAdd(type, new ResourcePolicy(this, type));

    // Apart from the look-up, so that this alone allocates what catches the policy.
    private CallerPolicy Add(Caller caller) => _callers.GetValue(caller, c => new CallerPolicy(this, c));

    private static AccessPolicy Create()
    {
        var policy = Link(Defaults.Rules, DefaultFile, out var errors);
        Invariant.Require(policy is not null, $"the default rules are sound: {string.Join("; ", errors)}");
        return policy!;
    }

    private static PolicyFile ReadDefaults()
    {
        using var stream = typeof(AccessPolicy).Assembly.GetManifestResourceStream(DefaultFile)!;
        using var reader = new StreamReader(stream);
        var file = PolicyFile.Read(DefaultFile, reader.ReadToEnd());
        Invariant.Require(file.Errors.IsEmpty, $"the default rules can be read: {string.Join("; ", file.Errors)}");
        return file;
    }

    private static Dictionary<string, Expression> Merge(PolicyFile file)
    {
        var merged = new Dictionary<string, Expression>(Defaults.Rules, StringComparer.Ordinal);
        foreach (var (name, expression) in file.Rules)
            merged[name] = expression;
        return merged;
    }

    private static AccessPolicy? Link(
        IReadOnlyDictionary<string, Expression> expressions, string file, out ImmutableArray<PolicyError> errors)
    {
        var linker = new Linker(expressions);
        var checks = new Dictionary<string, Check>(StringComparer.Ordinal);
        var found = ImmutableArray.CreateBuilder<PolicyError>();
        foreach (var rule in expressions.Keys)
        {
            if (linker.Link(rule, out var reason) is { } check)
                checks.Add(rule, check);
            else if (found.Count < PolicyLimits.ErrorsMax)
                found.Add(new PolicyError(file, rule, reason));
        }

        errors = found.ToImmutable();
        return errors.IsEmpty ? new AccessPolicy(checks) : null;
    }
}

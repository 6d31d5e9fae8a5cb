using System.Collections.Frozen;
using Alcor.Kernel.Resources;

namespace Alcor.Policy;

/// <summary>The questions that the API asks about resources of one type, as Neutron asks them.</summary>
/// <remarks>
/// A rule for an attribute counts when it exists; Neutron asks only about attributes that its source marks.
/// <see cref="AccessPolicy.ForResource"/> keeps one for each type, so ask the policy each time: it may change.
/// </remarks>
public sealed class ResourcePolicy
{
    private readonly ActionRules _create;
    private readonly ActionRules _get;
    private readonly ActionRules _update;
    private readonly ActionRules _delete;

    internal ResourcePolicy(AccessPolicy policy, string type)
    {
        _create = new ActionRules(policy, $"create_{type}");
        _get = new ActionRules(policy, $"get_{type}");
        _update = new ActionRules(policy, $"update_{type}");
        _delete = new ActionRules(policy, $"delete_{type}");
        AttributesWithRule = [.. _get.Attributes.Where(name => _get.Find(name) is not null).Order()];
    }

    /// <summary>Who may see the resource.</summary>
    public PolicyRule GetRule => _get.Rule;

    /// <summary>The attributes of which a creation or an update is asked when it sets them.</summary>
    public IEnumerable<string> AttributesToSet => _create.Attributes.Union(_update.Attributes);

    /// <summary>The attributes that not everybody sees who sees the resource.</summary>
    public IReadOnlyList<string> AttributesWithRule { get; }

    public ApiError? RefuseCreate(CallerPolicy caller, ITarget target, ReadOnlySpan<SetAttribute> attributes) =>
        _create.Allows(caller, target, attributes) ? null : PolicyErrors.Forbidden(_create.Describe(attributes));

    /// <summary>Not found for who may not see the resource; its own 404 looks no different.</summary>
    public ApiError? RefuseUpdate(CallerPolicy caller, ITarget target, ReadOnlySpan<SetAttribute> attributes) =>
        Refuse(_update, caller, target, attributes);

    public ApiError? RefuseDelete(CallerPolicy caller, ITarget target) => Refuse(_delete, caller, target, []);

    /// <summary>For actions on a resource that have a rule of their own: <c>add_router_interface</c>.</summary>
    public ApiError? RefuseAction(PolicyRule rule, CallerPolicy caller, ITarget target) =>
        caller.Allows(rule, target) ? null
        : Shows(caller, target) ? PolicyErrors.Forbidden(rule.ToString())
        : PolicyErrors.Hidden;

    /// <summary>Whether the resource is in lists, and found when it is asked for.</summary>
    public bool Shows(CallerPolicy caller, ITarget target) => caller.Allows(_get.Rule, target);

    /// <summary>
    /// Whether who sees the resource sees the attribute. <c>tenant_id</c> stands for <c>project_id</c> too.
    /// </summary>
    public bool ShowsAttribute(CallerPolicy caller, ITarget target, string attribute) =>
        _get.Find(attribute) is not { } rule || caller.Allows(rule, target);

    /// <summary>The same without a target: null when it depends on the target.</summary>
    public bool? ShowsAttributeOfAny(CallerPolicy caller, string attribute) =>
        _get.Find(attribute) is { } rule ? caller.AllowsAny(rule) : true;

    private ApiError? Refuse(
        ActionRules action, CallerPolicy caller, ITarget target, ReadOnlySpan<SetAttribute> attributes) =>
        action.Allows(caller, target, attributes) ? null
        : Shows(caller, target) ? PolicyErrors.Forbidden(action.Describe(attributes))
        : PolicyErrors.Hidden;
}

/// <summary>
/// The rules of one action on one type: <c>create_port</c> and all that begin with <c>create_port:</c>.
/// </summary>
internal sealed class ActionRules
{
    private readonly FrozenDictionary<string, AttributeRules> _attributes;

    public ActionRules(AccessPolicy policy, string action)
    {
        var prefix = $"{action}:";
        Rule = policy.FindOrDefault(action);
        Name = action;
        // A colon may divide attribute and member, or belong to the attribute: each reading is kept, as no
        // request has an attribute "binding".
        _attributes = policy.Rules
            .Where(rule => rule.Name.StartsWith(prefix, StringComparison.Ordinal))
            .Select(rule => (Path: rule.Name[prefix.Length..], Rule: rule))
            .SelectMany(entry => Readings(entry.Path).Select(r => (r.Attribute, r.Member, entry.Rule)))
            .GroupBy(entry => entry.Attribute, StringComparer.Ordinal)
            .ToFrozenDictionary(
                group => group.Key,
                group => new AttributeRules(
                    group.FirstOrDefault(entry => entry.Member.Length == 0).Rule,
                    group.Where(entry => entry.Member.Length > 0)
                        .ToFrozenDictionary(entry => entry.Member, entry => entry.Rule, StringComparer.Ordinal)),
                StringComparer.Ordinal);
    }

    public string Name { get; }

    public PolicyRule Rule { get; }

    public IEnumerable<string> Attributes => _attributes.Keys;

    public PolicyRule? Find(string attribute) => _attributes.GetValueOrDefault(attribute)?.Own;

    public bool Allows(CallerPolicy caller, ITarget target, ReadOnlySpan<SetAttribute> attributes)
    {
        if (!caller.Allows(Rule, target))
            return false;
        foreach (var attribute in attributes)
        {
            if (_attributes.TryGetValue(attribute.Name, out var rules) && !rules.Allows(caller, target, attribute))
                return false;
        }

        return true;
    }

    /// <summary>
    /// All that had to hold, as oslo.policy writes it: each attribute adds a pair of parentheses around what was
    /// there.
    /// </summary>
    public string Describe(ReadOnlySpan<SetAttribute> attributes)
    {
        var text = $"rule:{Name}";
        foreach (var attribute in attributes)
        {
            if (_attributes.TryGetValue(attribute.Name, out var rules) && rules.Describe(attribute) is { } more)
                text = $"({text} and {more})";
        }

        return text;
    }

    private static IEnumerable<(string Attribute, string Member)> Readings(string path)
    {
        yield return (path, "");
        for (var i = path.IndexOf(':', StringComparison.Ordinal); i >= 0;
            i = path.IndexOf(':', i + 1))
        {
            yield return (path[..i], path[(i + 1)..]);
        }
    }

    private sealed class AttributeRules(PolicyRule? own, FrozenDictionary<string, PolicyRule> members)
    {
        public PolicyRule? Own => own;

        public bool Allows(CallerPolicy caller, ITarget target, SetAttribute attribute)
        {
            if (own is not null && !caller.Allows(own, target))
                return false;
            return members.Count == 0 || AllowsMembers(caller, target, attribute);
        }

        /// <summary>Null when no rule is asked.</summary>
        public string? Describe(SetAttribute attribute)
        {
            var asked = string.Join(" and ", Asked(attribute));
            return (own, asked) switch
            {
                (null, "") => null,
                (null, _) => $"({asked})",
                (_, "") => own.ToString(),
                _ => $"({own} and ({asked}))",
            };
        }

        private bool AllowsMembers(CallerPolicy caller, ITarget target, SetAttribute attribute) =>
            Asked(attribute).All(rule => caller.Allows(rule, target));

        private IEnumerable<PolicyRule> Asked(SetAttribute attribute) =>
            attribute.Members().Select(members.GetValueOrDefault).OfType<PolicyRule>();
    }
}

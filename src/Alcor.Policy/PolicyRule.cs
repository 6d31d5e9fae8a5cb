using Alcor.Policy.Language;

namespace Alcor.Policy;

/// <summary>A rule of one policy, found once by its name and then asked often.</summary>
public sealed class PolicyRule
{
    internal PolicyRule(AccessPolicy policy, string name, int index, Check check) =>
        (Policy, Name, Index, Check) = (policy, name, index, check);

    /// <summary>The action, and what of it: <c>create_port</c>, <c>create_port:mac_address</c>.</summary>
    public string Name { get; }

    /// <summary>Whether it looks at the target. A caller may be refused or allowed all the same without one.</summary>
    public bool DependsOnTarget => Check.DependsOnTarget;

    internal AccessPolicy Policy { get; }

    /// <summary>Its place among the rules of the policy.</summary>
    internal int Index { get; }

    internal Check Check { get; }

    public override string ToString() => $"rule:{Name}";
}

using Alcor.Kernel.Resources;

namespace Alcor.Network.SecurityGroups;

/// <summary>What the Networking API can ask of security groups.</summary>
public sealed class SecurityGroupCommands : IResourceCommands
{
    public IResourceType Type => SecurityGroup.Type;

    public ICommand Create(IReadOnlyList<NewResource> items) => new CreateSecurityGroups(items);

    public ICommand Update(Stamped<object> current, ChangeRequest change) =>
        new UpdateSecurityGroup(((SecurityGroup)current.Value).Id, change);

    public ICommand Delete(Stamped<object> current, ChangeRequest change) =>
        new DeleteSecurityGroup(((SecurityGroup)current.Value).Id, change);
}

/// <summary>What the Networking API can ask of the rules of security groups.</summary>
public sealed class SecurityGroupRuleCommands : IResourceCommands
{
    public IResourceType Type => SecurityGroupRule.Type;

    /// <summary>A rule is what it is: Neutron has no way to change one either.</summary>
    public Verbs Verbs => Verbs.Create | Verbs.Delete;

    public ICommand Create(IReadOnlyList<NewResource> items) => new CreateSecurityGroupRules(items);

    public ICommand Update(Stamped<object> current, ChangeRequest change) =>
        throw new Kernel.InvariantException("rules are not updated");

    public ICommand Delete(Stamped<object> current, ChangeRequest change) =>
        new DeleteSecurityGroupRule((SecurityGroupRule)current.Value, change.IfRevision);
}

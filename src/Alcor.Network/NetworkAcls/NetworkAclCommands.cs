using Alcor.Kernel.Resources;

namespace Alcor.Network.NetworkAcls;

/// <summary>What Alcor's own API can ask of network ACLs.</summary>
public sealed class NetworkAclCommands : IResourceCommands
{
    public IResourceType Type => NetworkAcl.Type;

    public ICommand Create(IReadOnlyList<NewResource> items) => new CreateNetworkAcls(items);

    public ICommand Update(Stamped<object> current, ChangeRequest change) =>
        new UpdateNetworkAcl(((NetworkAcl)current.Value).Id, change);

    public ICommand Delete(Stamped<object> current, ChangeRequest change) =>
        new DeleteNetworkAcl(((NetworkAcl)current.Value).Id, change.IfRevision);
}

/// <summary>What Alcor's own API can ask of the rules of network ACLs.</summary>
public sealed class NetworkAclRuleCommands : IResourceCommands
{
    public IResourceType Type => NetworkAclRule.Type;

    public ICommand Create(IReadOnlyList<NewResource> items) => new CreateNetworkAclRules(items);

    public ICommand Update(Stamped<object> current, ChangeRequest change) =>
        new UpdateNetworkAclRule((NetworkAclRule)current.Value, change);

    public ICommand Delete(Stamped<object> current, ChangeRequest change) =>
        new DeleteNetworkAclRule((NetworkAclRule)current.Value, change.IfRevision);
}

using Alcor.Agent.Desired;
using Alcor.Agent.Pipeline;

namespace Alcor.Agent.Rendering;

/// <summary>Renders the rules of network ACLs that ports of this host are behind.</summary>
internal static class NetworkAclRenderer
{
    public static EntryRendering Rule(NetworkAclModels model, EntryAddress address)
    {
        if (Partitions.NetworkAclOf(address) is not { } id || model.Find(id) is not { } acl
            || !acl.Rules.TryGetValue(address, out var rule) || acl.Ports.Count == 0 || acl.Obstacle is not null)
        {
            return EntryRendering.Nothing;
        }
        return new(
            [.. NetworkAclRules.Of(id, rule, Cookies.Of(address.Key))],
            NetworkAclRules.Obstacle(rule) is { } obstacle ? EntryProblem.Failed(obstacle) : null);
    }

    /// <summary>What keeps a port from what its ACLs allow; null: nothing.</summary>
    public static EntryProblem? Problem(HostModel model, PortValue port)
    {
        foreach (var subnet in model.BoundariesOf(port))
        {
            if (subnet.Cidr is null)
                return EntryProblem.Waiting($"subnet {subnet.SubnetId:D} has not arrived");
            if (subnet.Acl is { } acl && model.Acls.Obstacle(acl) is { } obstacle)
                return EntryProblem.Waiting(obstacle);
        }
        return null;
    }
}

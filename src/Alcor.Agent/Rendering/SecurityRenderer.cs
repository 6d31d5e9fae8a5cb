using Alcor.Agent.Desired;
using Alcor.Agent.Pipeline;
using Alcor.Protocol.V1;

namespace Alcor.Agent.Rendering;

/// <summary>Renders the entries of security groups and address groups.</summary>
internal static class SecurityRenderer
{
    public static EntryRendering Render(SecurityModel model, EntryAddress address)
    {
        if (address.Key.Kind == EntryKind.AddressGroup)
        {
            return model.AddressGroup(address.Key.Id) is { } addresses
                ? Set(model, address.Key.Id, addresses.Addresses, address)
                : EntryRendering.Nothing;
        }
        if (Partitions.SecurityGroupOf(address) is not { } id || model.Group(id) is not { } group)
            return EntryRendering.Nothing;
        return address.Key.Kind switch
        {
            EntryKind.SecurityGroup => Group(group, address),
            EntryKind.SecurityGroupRule when group.Rules.TryGetValue(address, out var rule) =>
                Rule(model, group, rule, address),
            EntryKind.SecurityGroupMember when group.Members.TryGetValue(address, out var member) =>
                Set(model, id, member.Addresses, address),
            _ => EntryRendering.Nothing,
        };
    }

    private static EntryRendering Group(SecurityGroupModel group, EntryAddress address)
    {
        if (group.Value is null || group.Ports.Count == 0)
            return EntryRendering.Nothing;
        var (ingress, egress) = (group.Remotes(isEgress: false), group.Remotes(isEgress: true));
        return new([.. SecurityGroups.Rules(group.Id, ingress, egress, Cookies.Of(address.Key))], Problem: null);
    }

    private static EntryRendering Rule(
        SecurityModel model, SecurityGroupModel group, SecurityGroupRuleValue rule, EntryAddress address)
    {
        if (group.Ports.Count == 0)
            return EntryRendering.Nothing;
        if (SecurityGroupRules.Obstacle(rule) is { } obstacle)
            return EntryRendering.Failed(obstacle);
        var flows = SecurityGroupRules.Of(group.Id, rule, Cookies.Of(address.Key)).ToList();
        return new(flows, rule.RemoteSet is { } set && !model.HasSet(set)
            ? EntryProblem.Waiting($"the remote group {set:D} has not arrived")
            : null);
    }

    private static EntryRendering Set(
        SecurityModel model, Guid set, IEnumerable<System.Net.IPNetwork> addresses, EntryAddress owner) =>
        model.IsNamed(set)
            ? new([.. addresses.SelectMany(one => SecurityGroups.Member(set, one, Cookies.Of(owner.Key)))], null)
            : EntryRendering.Nothing;
}

using Alcor.Agent.Desired;
using Alcor.Agent.Pipeline;
using Alcor.Protocol.V1;

namespace Alcor.Agent.Rendering;

/// <summary>
/// What the host knows of security groups and address groups, indexed for rendering: whose ports are here, and who is
/// named by a rule. As <see cref="HostModel"/>, it answers changes with the entries whose flows may be others now.
/// </summary>
internal sealed class SecurityModel
{
    private readonly Dictionary<Guid, SecurityGroupModel> _groups = [];
    private readonly Dictionary<Guid, AddressGroupValue> _addressGroups = [];

    // The rules that name a security group or an address group: without one, its addresses need no flows.
    private readonly Dictionary<Guid, SortedSet<EntryAddress>> _namedBy = [];

    /// <summary>Null: nothing is known of it, and no port here is in it.</summary>
    public SecurityGroupModel? Group(Guid id) => _groups.GetValueOrDefault(id);

    public AddressGroupValue? AddressGroup(Guid id) => _addressGroups.GetValueOrDefault(id);

    public bool IsNamed(Guid set) => _namedBy.ContainsKey(set);

    /// <summary>Whether the addresses of a set are known.</summary>
    public bool HasSet(Guid set) => _addressGroups.ContainsKey(set) || Group(set)?.Value is not null;

    /// <summary>The first of a port's groups that is not known; null: all are.</summary>
    public Guid? MissingGroup(PortValue port) =>
        port.SecurityGroups.Select(id => (Guid?)id).FirstOrDefault(id => Group(id!.Value)?.Value is null);

    /// <summary>A port's groups are all stateful or all stateless; of unknown ones it is not known.</summary>
    public Protection ProtectionOf(PortValue port)
    {
        if (port.IsUnprotected)
            return Protection.None;
        return port.SecurityGroups.Any(id => Group(id)?.Value is { IsStateful: false })
            ? Protection.Stateless
            : Protection.Stateful;
    }

    /// <summary>Takes over one entry of a security group's partition, null when it is gone.</summary>
    public void Set(Guid groupId, EntryAddress address, IEntryValue? value, HashSet<EntryAddress> affected)
    {
        var group = Open(groupId);
        switch (address.Key.Kind)
        {
            case EntryKind.SecurityGroup:
                group.Value = value as SecurityGroupValue;
                affected.UnionWith(group.Ports);
                affected.UnionWith(_namedBy.GetValueOrDefault(groupId) ?? []);
                break;
            case EntryKind.SecurityGroupRule:
                SetRule(group, address, value as SecurityGroupRuleValue, affected);
                break;
            case EntryKind.SecurityGroupMember:
                SecurityGroupModel.Put(group.Members, address, value as SecurityGroupMemberValue);
                break;
        }
        Close(group);
    }

    public void SetAddressGroup(Guid id, AddressGroupValue? value, HashSet<EntryAddress> affected)
    {
        if (value is null)
            _addressGroups.Remove(id);
        else
            _addressGroups[id] = value;
        affected.UnionWith(_namedBy.GetValueOrDefault(id) ?? []);
    }

    /// <summary>A port of this host leaves groups and enters others.</summary>
    public void SetPort(EntryAddress port, PortValue? before, PortValue? after, HashSet<EntryAddress> affected)
    {
        var (left, entered) = (before?.SecurityGroups ?? [], after?.SecurityGroups ?? []);
        foreach (var id in left.Except(entered))
        {
            var group = Open(id);
            group.Ports.Remove(port);
            if (group.Ports.Count == 0)
                AffectRules(group, affected);
            Close(group);
        }
        foreach (var id in entered.Except(left))
        {
            var group = Open(id);
            group.Ports.Add(port);
            if (group.Ports.Count == 1)
                AffectRules(group, affected);
        }
    }

    private void SetRule(
        SecurityGroupModel group, EntryAddress address, SecurityGroupRuleValue? rule, HashSet<EntryAddress> affected)
    {
        affected.Add(Partitions.OfSecurityGroup(group.Id));
        if (group.Rules.GetValueOrDefault(address)?.RemoteSet is { } left && _namedBy.Unindex(left, address))
            AffectSet(left, affected);
        SecurityGroupModel.Put(group.Rules, address, rule);
        if (rule?.RemoteSet is { } named && _namedBy.Index(named, address))
            AffectSet(named, affected);
    }

    private void AffectSet(Guid set, HashSet<EntryAddress> affected)
    {
        affected.Add(Partitions.OfAddressGroup(set));
        if (Group(set) is { } group)
            affected.UnionWith(group.Members.Keys);
    }

    private static void AffectRules(SecurityGroupModel group, HashSet<EntryAddress> affected)
    {
        affected.Add(Partitions.OfSecurityGroup(group.Id));
        affected.UnionWith(group.Rules.Keys);
    }

    private SecurityGroupModel Open(Guid id)
    {
        if (!_groups.TryGetValue(id, out var group))
            _groups[id] = group = new(id);
        return group;
    }

    private void Close(SecurityGroupModel group)
    {
        if (group.IsEmpty)
            _groups.Remove(group.Id);
    }
}

/// <summary>What the host knows of one security group.</summary>
internal sealed class SecurityGroupModel(Guid id)
{
    public Guid Id => id;

    /// <summary>Null until the group's own entry has come.</summary>
    public SecurityGroupValue? Value { get; set; }

    public Dictionary<EntryAddress, SecurityGroupRuleValue> Rules { get; } = [];

    public Dictionary<EntryAddress, SecurityGroupMemberValue> Members { get; } = [];

    /// <summary>Ports of this host that are in it.</summary>
    public HashSet<EntryAddress> Ports { get; } = [];

    public bool IsEmpty => Value is null && Rules.Count == 0 && Members.Count == 0 && Ports.Count == 0;

    /// <summary>The sets that its rules of a direction name, in an order that history cannot change.</summary>
    public IReadOnlyCollection<Guid> Remotes(bool isEgress) =>
        new SortedSet<Guid>(Rules.Values.Where(rule => rule.IsEgress == isEgress)
            .Select(rule => rule.RemoteSet).OfType<Guid>());

    public static void Put<T>(Dictionary<EntryAddress, T> entries, EntryAddress address, T? value)
        where T : class
    {
        if (value is null)
            entries.Remove(address);
        else
            entries[address] = value;
    }
}

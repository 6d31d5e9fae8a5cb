using System.Collections.Immutable;
using Alcor.Kernel.Resources;
using Alcor.Network.Subnets;

namespace Alcor.Network.NetworkAcls;

/// <summary>
/// Which subnets have which network ACL: the ACL says it, and each of its subnets, from the same commit on.
/// </summary>
internal static class Association
{
    /// <summary>What keeps an ACL from having these subnets.</summary>
    /// <param name="added">Those that it does not have yet.</param>
    public static ApiError? Check(
        NetworkAcl acl, ImmutableArray<string> added, Caller caller, DecideContext context)
    {
        if (acl.SubnetIds.CountBy(id => id).FirstOrDefault(count => count.Value > 1).Key is { } twice)
            return NetworkAclErrors.SubnetTwice(twice);
        foreach (var id in added)
        {
            if (context.Read(Subnet.Type, id)?.Value is not { } subnet || !caller.Sees(Subnet.Type, subnet))
                return Subnet.Type.Api.NotFound(id);
            if (subnet.ProjectId != acl.ProjectId && !caller.IsAdmin)
                return NetworkAclErrors.SubnetOfOtherProject(id);
            if (context.Referrers(Subnet.Type.Key(id), NetworkAcl.Type, limit: 1) is [var other])
                return NetworkAclErrors.SubnetHasAnother(id, other.Value.Id);
        }
        return null;
    }

    /// <summary>Subnets get an ACL, those of them that do not say so yet.</summary>
    public static Decision Associate(
        this Decision decision, NetworkAcl acl, IEnumerable<string> subnetIds, DecideContext context)
    {
        foreach (var id in subnetIds)
        {
            if (context.Read(Subnet.Type, id) is { } subnet && subnet.Value.NetworkAclId != acl.Id)
                decision.Update(Subnet.Type, subnet.Value with { NetworkAclId = acl.Id }, subnet);
        }
        return decision;
    }

    /// <summary>Subnets have no ACL any more.</summary>
    public static Decision Dissociate(
        this Decision decision, IEnumerable<string> subnetIds, DecideContext context)
    {
        foreach (var id in subnetIds)
        {
            if (context.Read(Subnet.Type, id) is { Value.NetworkAclId: not null } subnet)
                decision.Update(Subnet.Type, subnet.Value with { NetworkAclId = null }, subnet);
        }
        return decision;
    }

    /// <summary>Subnets that end are no longer those of their ACLs.</summary>
    public static Decision LeaveNetworkAcls(
        this Decision decision, ImmutableArray<string> subnetIds, DecideContext context)
    {
        var acls = subnetIds
            .SelectMany(id => context.Referrers(Subnet.Type.Key(id), NetworkAcl.Type))
            .DistinctBy(acl => acl.Value.Id);
        foreach (var acl in acls)
        {
            var left = acl.Value with
            {
                SubnetIds = acl.Value.SubnetIds.RemoveAll(subnetIds.Contains),
                UpdatedAt = context.Now,
            };
            decision.Update(NetworkAcl.Type, left, acl);
        }
        return decision;
    }
}

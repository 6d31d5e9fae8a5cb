using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;

namespace Alcor.Network.SecurityGroups;

/// <summary>
/// The security group that every project has from the start, and that ports get that name none. It is made by the
/// first command that needs it; its id follows from the project, so there is never a second one.
/// </summary>
public static class DefaultSecurityGroup
{
    public const string Name = "default";

    private const string Description = "Default security group";

    public static string IdOf(string projectId) => DerivedId.Of(projectId, "default-security-group");

    /// <summary>Whether only the default group may have the name, however it is written.</summary>
    public static bool IsReserved(string name) => name.Equals(Name, StringComparison.OrdinalIgnoreCase);

    /// <summary>For <see cref="ICommand.Reads"/> of a command that ensures it.</summary>
    public static ResourceKey KeyOf(string projectId) => SecurityGroup.Type.Key(IdOf(projectId));

    /// <summary>
    /// Creates those that are not there. What refers to one afterwards is covered by that reference.
    /// </summary>
    public static Decision EnsureDefaultSecurityGroups(
        this Decision decision, IEnumerable<string> projectIds, DecideContext context)
    {
        foreach (var projectId in projectIds.Distinct())
        {
            if (context.Read(SecurityGroup.Type, IdOf(projectId)) is null)
                Create(decision, projectId, context.Now);
        }
        return decision;
    }

    /// <summary>The rules that every new group has: its ports may send anything.</summary>
    internal static IEnumerable<SecurityGroupRule> EgressRules(SecurityGroup group) =>
        EtherTypes.Select(version => SecurityGroupRule.OfAll(group, SecurityGroupRule.Egress, version));

    private static readonly string[] EtherTypes = [SecurityGroupRule.Ipv4, SecurityGroupRule.Ipv6];

    private static void Create(Decision decision, string projectId, DateTimeOffset now)
    {
        var group = new SecurityGroup(
            IdOf(projectId), projectId, Name, Description, Stateful: true, Shares: [], Tags: [], now, now);
        var ingress = EtherTypes.Select(
            version => SecurityGroupRule.OfAll(group, SecurityGroupRule.Ingress, version, remoteGroupId: group.Id));
        decision.CreateExempt(SecurityGroup.Type, group);
        foreach (var rule in EgressRules(group).Concat(ingress))
            decision.CreateExempt(SecurityGroupRule.Type, rule);
    }
}

/// <summary>Makes sure that a project has its default security group.</summary>
public sealed record EnsureDefaultSecurityGroup(string ProjectId) : ICommand
{
    public PartitionKey Lane => PartitionKey.SecurityGroup(DefaultSecurityGroup.IdOf(ProjectId));

    public IReadOnlyList<ResourceKey> Reads => [DefaultSecurityGroup.KeyOf(ProjectId)];

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context) =>
        new Decision().EnsureDefaultSecurityGroups([ProjectId], context);
}

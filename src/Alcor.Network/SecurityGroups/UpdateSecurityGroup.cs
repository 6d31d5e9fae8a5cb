using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;
using Alcor.Network.Ports;

namespace Alcor.Network.SecurityGroups;

internal sealed record UpdateSecurityGroup(string Id, ChangeRequest Change) : ICommand
{
    public PartitionKey Lane => PartitionKey.SecurityGroup(Id);

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context)
    {
        var found = snapshot.Find(SecurityGroup.Type, Id, Change.IfRevision);
        if (found.Error is { } missing)
            return missing;
        var (group, body) = (found.Value.Value, Change.Body);
        var updated = group with
        {
            Name = body.Get(SecurityGroupAttributes.Name, group.Name),
            Description = body.Get(SecurityGroupAttributes.Description, group.Description),
            Stateful = body.Get(SecurityGroupAttributes.Stateful, group.Stateful),
            UpdatedAt = context.Now,
        };
        var error = CheckName(group, updated.Name) ?? CheckStateful(group, updated, context);
        return error is null ? new Decision().Update(SecurityGroup.Type, updated, found.Value).AndAnswer() : error;
    }

    private ApiError? CheckName(SecurityGroup group, string name)
    {
        if (!Change.Body.Has(SecurityGroupAttributes.Name))
            return null;
        return DefaultSecurityGroup.IsReserved(name) ? SecurityGroupErrors.DefaultAlreadyExists
            : group.IsDefault ? SecurityGroupErrors.CannotUpdateDefault
            : null;
    }

    /// <summary>
    /// A port that takes this group alone in the same moment is not seen, and need not be: what must not be is a port
    /// whose groups differ, and a port with several groups rests on each of them as it was.
    /// </summary>
    private static ApiError? CheckStateful(SecurityGroup group, SecurityGroup updated, DecideContext context) =>
        group.Stateful != updated.Stateful
        && context.Referrers(SecurityGroup.Type.Key(group.Id), Port.Type, limit: 1).Count > 0
            ? SecurityGroupErrors.InUse(group.Id)
            : null;
}

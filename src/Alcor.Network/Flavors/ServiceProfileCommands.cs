using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;

namespace Alcor.Network.Flavors;

/// <summary>What the Networking API can ask of service profiles.</summary>
public sealed class ServiceProfileCommands : IResourceCommands
{
    public IResourceType Type => ServiceProfile.Type;

    public ICommand Create(IReadOnlyList<NewResource> items) => new CreateServiceProfiles(items);

    public ICommand Update(Stamped<object> current, ChangeRequest change) =>
        new UpdateServiceProfile(((ServiceProfile)current.Value).Id, change);

    public ICommand Delete(Stamped<object> current, ChangeRequest change) =>
        new DeleteServiceProfile(((ServiceProfile)current.Value).Id, change.IfRevision);
}

internal sealed record CreateServiceProfiles(IReadOnlyList<NewResource> Items) : ICommand
{
    public PartitionKey Lane => ServiceProfile.PartitionOf(Items[0].Id);

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context)
    {
        var decision = new Decision();
        for (var i = 0; i < Items.Count; i++)
        {
            var (item, body) = (Items[i], Items[i].Body);
            var profile = new ServiceProfile(
                item.Id,
                body.Get(ServiceProfileAttributes.Description),
                body.Get(ServiceProfileAttributes.Driver),
                body.Get(ServiceProfileAttributes.Metainfo),
                body.Get(ServiceProfileAttributes.Enabled));
            if (Check(profile) is { } error)
                return Items.Count == 1 ? error : error.OfItem(i, ServiceProfile.Type.Collection);
            decision.Create(ServiceProfile.Type, profile).AndAnswer();
        }
        return decision;
    }

    private static ApiError? Check(ServiceProfile profile) => profile switch
    {
        { Driver: "", Metainfo: "" } => FlavorErrors.ProfileEmpty,
        { Driver: "" } => null,
        _ => RouterProvider.Find(profile.Driver) is null ? FlavorErrors.DriverNotFound(profile.Driver) : null,
    };
}

/// <summary>A profile that flavors are made of stays as it is.</summary>
internal sealed record UpdateServiceProfile(string Id, ChangeRequest Change) : ICommand
{
    public PartitionKey Lane => ServiceProfile.PartitionOf(Id);

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context)
    {
        var found = snapshot.Find(ServiceProfile.Type, Id, Change.IfRevision);
        if (found.Error is { } missing)
            return missing;
        var profile = found.Value.Value;
        var updated = profile with
        {
            Description = Change.Body.Get(ServiceProfileAttributes.Description, profile.Description),
            Driver = Change.Body.Get(ServiceProfileAttributes.Driver, profile.Driver),
            Metainfo = Change.Body.Get(ServiceProfileAttributes.Metainfo, profile.Metainfo),
            Enabled = Change.Body.Get(ServiceProfileAttributes.Enabled, profile.Enabled),
        };
        if (updated.Driver.Length > 0 && RouterProvider.Find(updated.Driver) is null)
            return FlavorErrors.DriverNotFound(updated.Driver);
        return context.Referrers(ServiceProfile.Type.Key(Id), Flavor.Type, limit: 1).Count > 0
            ? FlavorErrors.ProfileInUse(Id)
            : new Decision().Update(ServiceProfile.Type, updated, found.Value).AndAnswer();
    }
}

internal sealed record DeleteServiceProfile(string Id, long? IfRevision) : ICommand
{
    public PartitionKey Lane => ServiceProfile.PartitionOf(Id);

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context) =>
        snapshot.Delete(ServiceProfile.Type, Id, IfRevision);
}

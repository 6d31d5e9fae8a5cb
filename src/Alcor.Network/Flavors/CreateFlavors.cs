using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;

namespace Alcor.Network.Flavors;

internal sealed record CreateFlavors(IReadOnlyList<NewResource> Items) : ICommand
{
    public PartitionKey Lane => Flavor.PartitionOf(Items[0].Id);

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context)
    {
        var decision = new Decision();
        foreach (var item in Items)
        {
            var service = item.Body.Get(FlavorAttributes.ServiceType);
            if (!Flavor.ServiceTypes.Contains(service))
                return new ApiError(400, "InvalidServiceType", $"Invalid service type: {service}.");
            var flavor = new Flavor(
                item.Id,
                item.Body.Get(FlavorAttributes.Name),
                item.Body.Get(FlavorAttributes.Description),
                service,
                item.Body.Get(FlavorAttributes.Enabled))
            {
                ServiceProfileIds = item.Body.Get(FlavorAttributes.ServiceProfiles).OrAbsent(),
            };
            decision.Create(Flavor.Type, flavor).AndAnswer();
        }
        return decision;
    }
}

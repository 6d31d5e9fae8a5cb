using Alcor.Kernel.Resources;
using Alcor.Network.Flavors;

namespace Alcor.Network.Tests;

public sealed class FlavorTests
{
    private readonly World world = new();

    [Fact]
    public async Task A_flavor_is_created_with_the_defaults_changed_and_deleted()
    {
        var flavor = (await world.CreateAsync(Flavor.Type, """{"service_type": "FLAVORS"}""")).Value;
        Assert.Equal(new Flavor(flavor.Id, "", "", "FLAVORS", Enabled: true), flavor);
        var updated = await world.UpdateAsync(
            Flavor.Type, flavor.Id, """{"name": "gold", "description": null, "enabled": false}""");
        Assert.Equal(new Flavor(flavor.Id, "gold", null, "FLAVORS", Enabled: false), updated.Value);
        Assert.Null((await world.DeleteAsync(Flavor.Type, flavor.Id)).Error);
        Assert.Null(await world.FindAsync(Flavor.Type, flavor.Id));
    }

    [Fact]
    public async Task A_flavor_of_an_unknown_service_is_refused()
    {
        var refused = (await world.TryCreateAsync(Flavor.Type, """{"service_type": "CATERING"}""")).Error;
        Assert.Equal(new ApiError(400, "InvalidServiceType", "Invalid service type: CATERING."), refused);
    }
}

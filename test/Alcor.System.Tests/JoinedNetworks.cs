using System.Text.Json.Nodes;
using Alcor.Lab;

namespace Alcor.System.Tests;

/// <summary>A router between networks.</summary>
internal sealed class JoinedNetworks(Region region, string router, TenantNetwork[] networks) : IAsyncDisposable
{
    public static async Task<JoinedNetworks> CreateAsync(Region region, params TenantNetwork[] networks)
    {
        var router = await region.Api.CreateAsync(
            "routers", new JsonObject { ["name"] = "between" }, TestContext.Current.CancellationToken);
        var joined = new JoinedNetworks(region, (string)router["id"]!, networks);
        await joined.ActAsync("add_router_interface");
        return joined;
    }

    public async ValueTask DisposeAsync()
    {
        await ActAsync("remove_router_interface");
        await region.Api.DeleteAsync("routers", router, CancellationToken.None);
    }

    private async Task ActAsync(string action)
    {
        foreach (var network in networks)
        {
            await region.Api.ActAsync("routers", router, action,
                new JsonObject { ["subnet_id"] = network.SubnetId }, CancellationToken.None);
        }
    }
}

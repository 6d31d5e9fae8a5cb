namespace Alcor.Server.Identity;

/// <summary>
/// The answer for a request whose sender is not known. Status, headers and bodies are those of OpenStack's
/// auth_token (keystonemiddleware), which stands before Neutron: clients know them.
/// </summary>
internal abstract class Refusal
{
    public abstract Task WriteAsync(HttpContext http);

    private static async Task WriteAsync(HttpContext http, int status, string contentType, ReadOnlyMemory<byte> body)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = contentType;
        http.Response.ContentLength = body.Length;
        await http.Response.Body.WriteAsync(body, http.RequestAborted);
    }

    /// <summary>401: no token, or none that Keystone knows. Names where to get one.</summary>
    public sealed class Unauthorized(string authenticateUri) : Refusal
    {
        private static readonly byte[] Body = [
            .. """{"error": {"code": 401, "title": "Unauthorized","""u8,
            .. """ "message": "The request you have made requires authentication."}}"""u8,
        ];

        private readonly string challenge = $"Keystone uri=\"{authenticateUri}\"";

        public override Task WriteAsync(HttpContext http)
        {
            http.Response.Headers.WWWAuthenticate = challenge;
            return WriteAsync(http, StatusCodes.Status401Unauthorized, "application/json", Body);
        }
    }

    /// <summary>503: Keystone does not answer, or not with what can be understood.</summary>
    public sealed class Unavailable : Refusal
    {
        public static readonly Unavailable Instance = new();

        private static readonly byte[] Json = [
            .. """{"message": "The server is currently unavailable. Please try again at a later time.<br /><br />"""u8,
            .. """\nThe Keystone service is temporarily unavailable.\n\n","""u8,
            .. """ "code": "503 Service Unavailable", "title": "Service Unavailable"}"""u8,
        ];

        private static readonly byte[] Text = [
            .. "503 Service Unavailable\n\n"u8,
            .. "The server is currently unavailable. Please try again at a later time.\n\n"u8,
            .. " The Keystone service is temporarily unavailable.  "u8,
        ];

        /// <summary>Of the media types of auth_token's answer all but HTML: no browser asks this API.</summary>
        public override Task WriteAsync(HttpContext http)
        {
            http.Response.Headers.RetryAfter = "1";
            var isJson = http.Request.Headers.Accept.ToString().Contains("json", StringComparison.OrdinalIgnoreCase);
            var (type, body) = isJson ? ("application/json", Json) : ("text/plain; charset=UTF-8", Text);
            return WriteAsync(http, StatusCodes.Status503ServiceUnavailable, type, body);
        }
    }
}
